package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.platform.node.Await;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no editor sends. Whoever sends it is shown the door; whoever writes in the same document notices nothing. */
@Timeout(120)
class HostileInputTest {
    private static RelayFixture relay;
    private static UUID document;
    private static YjsClient witness;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(
                "collab.wire.frame_bytes", "100kB",
                "collab.wire.early_frames", "20",
                "collab.wire.documents_per_socket", "5",
                "collab.wire.sockets", "200");
        document = relay.document();
        witness = relay.yjs(document, "ada");
        witness.insert(0, "unharmed");
        witness.awaitSaved();
    }

    @AfterAll
    static void stop() {
        witness.insert(0, "still ");
        witness.awaitSaved();
        assertThat(witness.text()).isEqualTo("still unharmed");
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "ff", // a type without end
                "80808080808080808080", // an integer without end
                "00", // sync without a step
                "0009", // a step that does not exist
                "000005", // a state vector that is cut
                "0000ffffffff7f", // a length past the end
                "000003ffffff", // a state vector that is none
                "000201ff", // an update that is none
                "000205ffffffff0f", // structs that are not there
                "000102ff01", // an answer that is none
                "01", // presence without content
                "0105ffffffff0f", // more states than there are
                "01070101010574727565", // a string shorter than it says
                "0105010101017b", // presence that is no JSON
                "010501010104", // presence that is cut
                "63", // a type that does not exist
                "0a00" // a Pong of the other wire
            })
    void closesAYjsSocketThatSends(String hex) {
        RawSocket socket = opened();

        socket.send(bytes(hex));

        assertThat(socket.awaitClose()).isEqualTo(4400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "01", // one byte that is neither Ping nor Pong
                "ff", //
                "80808080808080808080", // an integer without end
                "ffffffff0f00", // a name past the end
                "0161", // a name and nothing else
                "016102", // a token without a type
                "01610205", // not a token
                "016102000a61" // a token that is cut
            })
    void closesAHocuspocusSocketThatSends(String hex) {
        RawSocket socket = relay.socket("/collab");

        socket.send(bytes(hex));

        assertThat(socket.awaitClose()).isEqualTo(4400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000205ffffffff0f", // an update that is none
                "000003ffffff", // a state vector that is none
                "0105ffffffff0f", // more states than there are
                "06016a", // a broadcast, which is the server's
                "0801", // an acknowledgement, which is the server's
                "63" // a type that does not exist
            })
    void closesOneDocumentOfAHocuspocusSocketWhenItSends(String hex) {
        HocuspocusClient provider = relay.hocuspocus(document, "bob");

        provider.send(bytes(hex));

        Await.until("the document is closed", () -> provider.ended().equals("malformed message"));
        assertThat(provider.socket().closeCode()).isNull();
    }

    @Test
    void survivesRandomBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            RawSocket socket = random.nextBoolean() ? opened() : relay.socket("/collab");
            for (int k = 0; k < 20; k++) {
                byte[] noise = new byte[random.nextInt(40)];
                random.nextBytes(noise);
                if (noise.length > 0) {
                    noise[0] = (byte) random.nextInt(12);
                }
                socket.send(Buffer.buffer(noise));
            }
            assertThat(socket.awaitClose()).as("seed %d", seed).isEqualTo(4400);
        }
    }

    @Test
    void survivesAnswersThatWereBitFlipped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UUID victim = relay.document();
        YjsClient editor = relay.yjs(victim, "ada");
        editor.insert(0, "some text that is damaged on its way");
        editor.delete(5, 5);
        editor.awaitSaved();
        byte[] good = editor.with(doc -> doc.encodeState());
        editor.close();
        for (int i = 0; i < 60; i++) {
            RawSocket socket = opened(victim);
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            socket.send(Messages.syncStep2(bad)).send(Messages.syncStep1(new byte[] {0}));
            Await.until(
                    "it is refused or was harmless, seed " + seed,
                    () -> socket.closeCode() != null
                            || socket.received().stream()
                                    .anyMatch(message -> message.getByte(1) == Messages.SYNC_STEP_2));
            assertThat(socket.closeCode()).as("seed %d", seed).isIn(null, 4400);
            socket.socket().close();
        }

        YjsClient after = relay.yjs(victim, "bob");
        after.insert(0, "it goes on");
        after.awaitSaved();
        assertThat(relay.yjs(victim, "ada").text()).as("seed %d", seed).contains("it goes on");
    }

    @Test
    void closesASocketThatSendsText() {
        RawSocket socket = opened();

        socket.socket().writeTextMessage("hello");

        assertThat(socket.awaitClose()).isEqualTo(4400);
    }

    @Test
    void closesASocketWhoseMessageIsOverTheBound() {
        RawSocket whole = opened();
        whole.send(Buffer.buffer(new byte[100_001]));
        assertThat(whole.awaitClose()).isEqualTo(1009);

        RawSocket pieces = opened();
        pieces.socket().writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[60_000]), false));
        pieces.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[60_000]), true));
        assertThat(pieces.awaitClose()).isEqualTo(1009);
    }

    @Test
    void readsAMessageThatComesInPieces() {
        RawSocket socket = opened();

        socket.socket().writeFrame(WebSocketFrame.binaryFrame(bytes("00"), false));
        socket.socket().writeFrame(WebSocketFrame.continuationFrame(bytes("00"), false));
        socket.socket().writeFrame(WebSocketFrame.continuationFrame(bytes("0100"), true));

        socket.await("the answer", message -> message.getByte(1) == Messages.SYNC_STEP_2);
    }

    @Test
    void closesASocketThatTalksTooMuchBeforeItSaysWhoItIs() {
        RawSocket socket = relay.socket("/collab");

        for (int i = 0; i < 21; i++) {
            socket.send(Messages.named(document.toString(), Messages.syncStep1(new byte[] {0})));
        }

        assertThat(socket.awaitClose()).isEqualTo(1013);
    }

    @Test
    void closesASocketThatOpensTooManyDocuments() {
        RawSocket socket = relay.socket("/collab");

        for (int i = 0; i < 6; i++) {
            socket.send(Messages.named(UUID.randomUUID().toString(), Messages.syncStep1(new byte[] {0})));
        }

        assertThat(socket.awaitClose()).isEqualTo(4400);
    }

    @Test
    void closesASocketThatNeverSaysWhoItIs() {
        try (RelayFixture hasty = relay.sibling("collab.wire.auth_timeout", "2s")) {
            assertThat(hasty.socket("/collab").awaitClose()).isEqualTo(4401);
        }
    }

    @Test
    void answersPingWithPong() {
        RawSocket socket = relay.socket("/collab").send(Messages.PING);

        socket.await("a Pong", message -> message.equals(RawSocket.buffer(Messages.PONG)));
    }

    @Test
    void refusesNamesThatAreNoDocument() {
        RawSocket socket = relay.socket("/collab");

        socket.send(Messages.named("../../etc/passwd", token("ada")));

        assertThat(socket.await("a refusal", message -> true).toString()).contains("no such document");
    }

    @Test
    void dropsWhatARefusedProviderGoesOnSending() {
        HocuspocusClient mallory = relay.hocuspocus(document, "mallory");

        for (int i = 0; i < 200; i++) {
            mallory.insert(0, "let me in");
        }
        mallory.authenticate(TestShield.token("mallory"));

        Await.until("it is refused again", () -> !mallory.denied().isEmpty());
        assertThat(mallory.socket().closeCode()).isNull();
    }

    private static RawSocket opened() {
        return opened(document);
    }

    private static RawSocket opened(UUID document) {
        RawSocket socket = relay.socket("/yjs/" + document + "?token=" + TestShield.token("bob"));
        socket.await("the server's question", message -> message.getByte(0) == Messages.SYNC);
        return socket;
    }

    private static Buffer token(String user) {
        return new FrameWriter(64)
                .varUint(Messages.AUTH)
                .varUint(Messages.AUTH_TOKEN)
                .string(TestShield.token(user))
                .toBuffer();
    }

    private static Buffer bytes(String hex) {
        Buffer buffer = Buffer.buffer();
        for (int i = 0; i < hex.length(); i += 2) {
            buffer.appendByte((byte) Integer.parseInt(hex.substring(i, i + 2), 16));
        }
        return buffer;
    }
}
