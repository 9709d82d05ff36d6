package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Await;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit of a node, met at a real socket: how it refuses, that it is counted by its name, and that nobody else notices. */
@Timeout(120)
class LimitsTest {
    private static final int PENDING_BYTES = 2_000;

    private static RelayFixture relay;
    private static UUID document;
    private static YjsClient witness;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(
                "collab.wire.frame_bytes", "100kB",
                "collab.room.document_bytes", "50kB",
                "collab.room.peers", "2",
                "collab.room.updates_per_second", "100",
                "collab.room.updates_burst", "20",
                "collab.room.update_structs", "50",
                "collab.room.pending_bytes", "2kB",
                "collab.room.presence_bytes", "100B");
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

    @Test
    void aDocumentGrowsNoFurther() {
        YjsClient writer = relay.yjs(relay.document(), "bob");

        writer.insert(0, "x".repeat(60_000));

        assertThat(writer.awaitClose()).isEqualTo(4413);
        assertThat(met(relay, "document_bytes")).isEqualTo(1);
    }

    @Test
    void aDocumentTakesNoMorePeers() {
        UUID full = relay.document();
        relay.yjs(full, "ada");
        relay.yjs(full, "bob");

        assertThat(opened(relay, full).awaitClose()).isEqualTo(1013);
        assertThat(met(relay, "peers")).isPositive();
    }

    @Test
    void aNodeTakesNoMoreDocumentsSocketsOrWaitingEdits() {
        try (RelayFixture small =
                relay.sibling("collab.room.max", "1", "collab.wire.sockets", "2", "collab.log.queue_bytes", "1kB")) {
            UUID first = small.document();
            YjsClient writer = small.yjs(first, "ada");

            assertThat(opened(small, small.document()).awaitClose()).isEqualTo(1013);
            assertThat(met(small, "rooms")).isPositive();

            YjsClient second = small.yjs(first, "bob");
            assertThat(opened(small, first).awaitClose()).isEqualTo(1013);
            assertThat(met(small, "sockets")).isPositive();

            second.insert(0, "y".repeat(2_000));
            assertThat(second.awaitClose()).isEqualTo(1013);
            assertThat(met(small, "queue")).isEqualTo(1);
            writer.insert(0, "there is room for this");
            writer.awaitSaved();
        }
    }

    @Test
    void aClientThatSendsTooFastIsReadMoreSlowlyAndLosesNothing() {
        YjsClient writer = relay.yjs(relay.document(), "bob");
        double before = met(relay, "updates");

        for (int i = 0; i < 300; i++) {
            writer.insert(0, "z");
        }
        writer.awaitSaved();

        assertThat(met(relay, "updates")).isGreaterThan(before);
        assertThat(writer.isOpen()).isTrue();
        assertThat(writer.text()).hasSize(300);
    }

    @Test
    void aMessageIsNoLarger() {
        RawSocket socket = opened(relay, document);

        socket.send(Buffer.buffer(new byte[100_001]));

        assertThat(socket.awaitClose()).isEqualTo(1009);
        assertThat(met(relay, "frame")).isEqualTo(1);
    }

    @Test
    void anEditHasNoMoreStructs() {
        Doc many = new Doc();
        for (int i = 0; i < 60; i++) {
            many.text("content").insert(0, "m");
        }
        RawSocket socket = opened(relay, document);

        socket.send(Messages.syncUpdate(many.encodeState()));

        assertThat(socket.awaitClose()).isEqualTo(4413);
        assertThat(met(relay, "structs")).isEqualTo(1);
    }

    @Test
    void noMoreWaitsForWhatItBuildsOnAndTheClientBringsAllOfItWhenItComesBack() {
        double met = met(relay, "pending");
        UUID victim = relay.document();
        YjsClient reader = relay.yjs(victim, "ada");
        Doc doc = new Doc();
        List<byte[]> edits = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> edits.add(update));
        doc.text("content").insert(0, "first");
        doc.text("content").insert(5, ", second");
        doc.text("content").insert(13, "!".repeat(PENDING_BYTES));
        RawSocket socket = opened(relay, victim);

        socket.send(Messages.syncUpdate(edits.get(1))).send(Messages.syncUpdate(edits.get(2)));

        assertThat(socket.awaitClose()).isEqualTo(1013);
        assertThat(met(relay, "pending")).isEqualTo(met + 1);

        RawSocket again = opened(relay, victim);
        again.send(Messages.syncUpdate(edits.get(0)));
        reader.awaitText("first, second");
        again.send(Messages.syncStep2(doc.encodeState()));
        reader.awaitText(doc.text("content").toString());
    }

    @Test
    void aPresenceIsNoLarger() {
        RawSocket socket = opened(relay, document);
        Buffer state = new FrameWriter(256)
                .varUint(Messages.AWARENESS)
                .bytes(new FrameWriter(256)
                        .varUint(1)
                        .varUint(7)
                        .varUint(1)
                        .bytes(("{\"a\":\"" + "b".repeat(200) + "\"}").getBytes(StandardCharsets.UTF_8))
                        .toBytes())
                .toBuffer();

        socket.send(state);

        Await.until("it is dropped", () -> met(relay, "presence") == 1);
        assertThat(socket.closeCode()).isNull();
        socket.close();
    }

    @Test
    void anEditPassesOnlySoManyOthersAndGoesOnWhenItComesAgain() {
        UUID crowded = relay.document();
        YjsClient writer = relay.yjs(crowded, "ada");
        writer.send(Messages.syncUpdate(fortyAuthors(1)));
        writer.send(Messages.syncUpdate(fortyAuthors(41)));
        writer.awaitSaved();
        byte[] edit = fortyAuthors(1_000);

        writer.send(Messages.syncUpdate(edit));

        assertThat(writer.awaitClose()).isEqualTo(1013);
        YjsClient again = relay.yjs(crowded, "ada");
        assertThat(again.text().length()).isBetween(81, 119);
        again.send(Messages.syncUpdate(edit));
        again.awaitSaved();
        assertThat(again.text()).hasSize(120);
    }

    /** Each wrote one character at the same place. */
    private static byte[] fortyAuthors(int firstClient) {
        Doc doc = new Doc();
        for (int client = firstClient; client < firstClient + 40; client++) {
            Doc author = new Doc(client);
            author.text("content").insert(0, "a");
            doc.applyUpdate(author.encodeState(), null);
        }
        return doc.encodeState();
    }

    private static RawSocket opened(RelayFixture node, UUID id) {
        RawSocket socket = node.socket("/yjs/" + id + "?token=" + TestShield.token("bob"));
        Await.until(
                "it is in or refused",
                () -> socket.closeCode() != null || !socket.received().isEmpty());
        return socket;
    }

    private static double met(RelayFixture node, String limit) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.limits")
                .tag("limit", limit)
                .counter()
                .count();
    }
}
