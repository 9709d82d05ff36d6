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
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.GetStateRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WiresTest {
    private static final int PASTE = 500_000;
    private static final int SEND_BYTES = 4 * 1024 * 1024;

    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    // --- writing together ---

    @Test
    void bringsBothWiresTogetherInOneDocument() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");

        ada.insert(0, "hello");
        bob.awaitText("hello");
        bob.insert(5, ", world");

        ada.awaitText("hello, world");
        bob.awaitSaved();
    }

    @Test
    void convergesUnderRandomEditsOfBothWires() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UUID document = relay.document();
        List<YjsClient> editors =
                List.of(relay.yjs(document, "ada"), relay.yjs(document, "bob"), relay.yjs(document, "ada"));
        HocuspocusClient provider = relay.hocuspocus(document, "bob");

        for (int i = 0; i < 400; i++) {
            YjsClient editor = editors.get(random.nextInt(editors.size()));
            edit(editor, random);
            if (random.nextInt(4) == 0) {
                provider.insert(0, String.valueOf((char) ('A' + random.nextInt(26))));
            }
        }
        editors.forEach(YjsClient::awaitSaved);
        provider.awaitSaved();

        String text = relay.yjs(document, "ada").text();
        Await.until(
                "all are equal, seed " + seed,
                () -> provider.text().equals(text)
                        && editors.stream().allMatch(editor -> editor.text().equals(text)));
    }

    private static void edit(YjsClient editor, Random random) {
        editor.with(doc -> {
            int length = doc.text("content").length();
            if (length > 3 && random.nextInt(3) == 0) {
                doc.text("content").delete(random.nextInt(length - 1), 1);
            } else {
                doc.text("content")
                        .insert(random.nextInt(length + 1), String.valueOf((char) ('a' + random.nextInt(26))));
            }
            return length;
        });
    }

    @Test
    void answersAQuestionOnTheYjsWireOnlyWhenWhatCameBeforeItIsCommitted() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");

        ada.insert(0, "kept");
        ada.awaitSaved();

        long committed = relay.as(
                        "ada",
                        service -> service.getState(GetStateRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build()))
                .getSequence();
        assertThat(committed).isEqualTo(1);
    }

    @Test
    void acknowledgesEachEditOnceAndAsksOnceAQuestion() {
        HocuspocusClient ada = relay.hocuspocus(relay.document(), "ada");
        ada.awaitSaved();

        for (int i = 0; i < 50; i++) {
            ada.insert(0, "x");
        }
        ada.awaitSaved();

        assertThat(ada.questions()).isEqualTo(1);
        assertThat(ada.refusedEdits()).isZero();
        assertThat(ada.scopes()).containsExactly("read-write");
    }

    @Test
    void bringsADocumentBackFromTheLogAfterItLeftMemory() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "remember me");
        ada.awaitSaved();
        ada.close();

        try (RelayFixture other = relay.sibling()) {
            other.share(document);
            other.yjs(document, "bob").awaitText("remember me");
        }
    }

    @Test
    void carriesAMessageThatIsLargerThanWhatMayWaitForASlowReader() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        for (int i = 0; i < 3; i++) {
            ada.insert(0, "y".repeat(3_000_000));
        }
        ada.awaitSaved();

        assertThat(relay.yjs(document, "bob").text()).hasSize(9_000_000);
    }

    @Test
    void bringsALargeDocumentToEveryNewcomerWithWhatWasTypedSince() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "z".repeat(400_000));
        ada.awaitSaved();

        StringBuilder typed = new StringBuilder();
        for (String word : List.of("", "one ", "two ", "three ")) {
            ada.insert(typed.length(), word);
            typed.append(word);
            ada.awaitSaved();
            String start = typed + "z".repeat(100);
            assertThat(relay.yjs(document, "bob").text()).startsWith(start).hasSize(400_000 + typed.length());
            assertThat(relay.hocuspocus(document, "bob").text())
                    .startsWith(start)
                    .hasSize(400_000 + typed.length());
        }
    }

    // --- readers ---

    @Test
    void dropsWhatAReaderWritesAndSaysSoWhereTheWireCan() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "clean");
        ada.awaitSaved();
        HocuspocusClient eve = relay.hocuspocus(document, "eve");
        YjsClient eveToo = relay.yjs(document, "eve");

        eve.insert(0, "EVIL");
        eveToo.insert(0, "EVIL");
        eveToo.awaitSaved();

        Await.until("the edit is refused", () -> eve.refusedEdits() == 1);
        assertThat(eve.scopes()).containsExactly("readonly");
        assertThat(relay.yjs(document, "bob").text()).isEqualTo("clean");
    }

    @Test
    void acknowledgesAReadersAnswerThatBringsNothing() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "something");
        ada.delete(0, 4);
        ada.awaitSaved();

        HocuspocusClient eve = relay.hocuspocus(document, "eve");
        eve.awaitSaved();
        eve.startSync();
        eve.awaitSaved();

        assertThat(eve.refusedEdits()).isZero();
    }

    @Test
    void takesWhatWasWrittenMeanwhileWhenAReaderMayWriteAgain() {
        UUID document = relay.document();
        YjsClient eve = relay.yjs(document, "eve");
        eve.insert(0, "patience");
        eve.awaitSaved();

        relay.shield().allow(document, "eve", Role.ROLE_EDITOR);

        relay.yjs(document, "ada").awaitText("patience");
    }

    // --- who may ---

    @Test
    void closesWithTheReasonOnTheYjsWire() {
        UUID document = relay.document();

        assertThat(relay.socket("/yjs/" + document + "?token=mallory.one.600").awaitClose())
                .isEqualTo(4404);
        assertThat(relay.socket("/yjs/" + document + "?token=not.a-token").awaitClose())
                .isEqualTo(4401);
        assertThat(relay.socket("/yjs/" + document).awaitClose()).isEqualTo(4401);
        assertThat(relay.socket("/yjs/no-document?token=" + TestShield.token("ada"))
                        .awaitClose())
                .isEqualTo(4404);
    }

    @Test
    void refusesADocumentByMessageOnTheHocuspocusWireAndTakesABetterToken() {
        UUID document = relay.document();
        HocuspocusClient client = relay.hocuspocus(document, "mallory");
        assertThat(client.denied()).isEqualTo("no such document");

        client.authenticate(TestShield.token("ada"));
        client.startSync();

        Await.until("it is in sync", client::isSynced);
        assertThat(client.socket().closeCode()).isNull();
    }

    @Test
    void takesTheTokenFromTheHeaderTheSubprotocolsAndTheQuery() {
        String path = "/yjs/" + relay.document();
        var vertx = relay.test().node().vertx();
        String token = TestShield.token("ada");

        RawSocket header =
                RawSocket.open(vertx, relay.port(), path, Map.of("Authorization", "Bearer " + token), List.of());
        RawSocket protocols = RawSocket.open(vertx, relay.port(), path, Map.of(), List.of("materi", "bearer." + token));
        RawSocket ticket = relay.socket(path + "?token=ada");

        for (RawSocket socket : List.of(header, protocols, ticket)) {
            socket.await("the server's question", message -> message.getByte(0) == Messages.SYNC);
        }
        assertThat(protocols.socket().subProtocol()).isEqualTo("materi");
    }

    @Test
    void refusesAnUpgradeFromAStrangeOrigin() {
        var refused = Await.failure(RawSocket.connect(
                relay.test().node().vertx(),
                relay.port(),
                "/collab",
                Map.of("Origin", "https://evil.example"),
                List.of()));

        assertThat(refused).hasMessageContaining("403");
    }

    /** By hand: no client sends such a query. */
    @Test
    void refusesAnUpgradeWithAGarbledQuery() throws IOException {
        String request = "GET /yjs/" + relay.document() + "?token=%zz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            byte[] answer = socket.getInputStream().readNBytes(12);

            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void cutsWhoMayReadNoMore() {
        UUID document = relay.document();
        YjsClient bob = relay.yjs(document, "bob");
        HocuspocusClient bobToo = relay.hocuspocus(document, "bob");
        YjsClient ada = relay.yjs(document, "ada");

        relay.shield().forbid(document, "bob");

        assertThat(bob.awaitClose()).isEqualTo(4404);
        Await.until("the document is closed", () -> bobToo.ended().equals("no such document"));
        assertThat(bobToo.socket().closeCode()).isNull();
        assertThat(ada.isOpen()).isTrue();
    }

    @Test
    void turnsAWriterIntoAReader() {
        UUID document = relay.document();
        HocuspocusClient bob = relay.hocuspocus(document, "bob");

        relay.shield().allow(document, "bob", Role.ROLE_VIEWER);
        Await.until("it is told", () -> bob.scopes().contains("readonly"));
        bob.insert(0, "too late");

        Await.until("the edit is refused", () -> bob.refusedEdits() == 1);
    }

    @Test
    void endsWithTheSession() {
        UUID document = relay.document();
        relay.shield().put(document, "carol", Role.ROLE_EDITOR);
        YjsClient carol = relay.yjs(document, "carol");
        HocuspocusClient carolToo = relay.hocuspocus(document, "carol");

        relay.shield().end("carol");

        assertThat(carol.awaitClose()).isEqualTo(4401);
        Await.until("the document is closed", () -> carolToo.ended().equals("session ended"));
    }

    @Test
    void outlivesItsAccessTokenWhileTheSessionLives() {
        UUID document = relay.document();
        RawSocket socket = relay.socket("/yjs/" + document + "?token=ada.one.1");
        socket.await("the server's question", message -> message.getByte(0) == Messages.SYNC);
        YjsClient bob = relay.yjs(document, "bob");

        Await.result(relay.test().node().vertx().timer(3_500));
        bob.insert(0, "still there?");

        socket.await("the edit", message -> message.toString().contains("still there?"));
    }

    @Test
    void asksForANewerTokenInTimeAndGoesByThat() {
        UUID document = relay.document();
        relay.shield().put(document, "dora", Role.ROLE_EDITOR);
        YjsClient left = relay.yjs(document, "dora");
        HocuspocusClient dora = relay.hocuspocusBy(document, "dora.one.20");
        Await.until("a newer token is asked for", () -> dora.tokenRequests() == 1);

        dora.authenticate("dora.two.20");
        Await.until("the newer one is known, and soon over too", () -> dora.tokenRequests() == 2);
        relay.shield().end("dora");

        assertThat(left.awaitClose()).isEqualTo(4401);
        relay.yjs(document, "bob").insert(0, "still here");
        dora.awaitText("still here");
        assertThat(dora.ended()).isEmpty();
    }

    @Test
    void endsTheStayOfWhoBringsAnothersToken() {
        HocuspocusClient ada = relay.hocuspocus(relay.document(), "ada");

        ada.authenticate(TestShield.token("bob"));

        Await.until("the document is closed", () -> ada.ended().equals("no access"));
        assertThat(ada.socket().closeCode()).isNull();
    }

    // --- presence ---

    @Test
    void saysWhoIsThereWhenItIsAsked() {
        UUID document = relay.document();
        RawSocket ada = opened(document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        RawSocket eve = opened(document, "eve");
        bob.awaitPresence(4711, "\"cursor\":1");
        eve.await("ada's presence", message -> message.toString().contains("\"cursor\":1"));
        bob.forgetPresence();
        int heard = eve.received().size();

        bob.send(Buffer.buffer(new byte[] {Messages.QUERY_AWARENESS}));
        eve.send(Messages.QUERY_AWARENESS);

        bob.awaitPresence(4711, "\"cursor\":1");
        Await.until(
                "it is told again",
                () -> eve.received().stream()
                        .skip(heard)
                        .anyMatch(message -> message.toString().contains("\"cursor\":1")));
    }

    @Test
    void signsPresenceWithTheUserOfTheSession() {
        UUID document = relay.document();
        RawSocket ada = opened(document, "ada");
        RawSocket bob = opened(document, "bob");

        ada.send(awareness(
                4711, 1, "{\"user\":{\"name\":\"root\",\"agent\":true,\"avatar\":\"a.png\"},\"name\":\"root\"}"));

        String seen = bob.await("ada's presence", message -> message.toString().contains("a.png"))
                .toString();
        assertThat(seen)
                .contains("\"name\":\"ada\"", TestShield.user("ada").toString(), "#112233")
                .doesNotContain("root", "agent");
        ada.await("the echo", message -> message.toString().contains("a.png"));
    }

    @Test
    void dropsPresenceInTheNameOfAnothersClientAndWhatIsSentBack() {
        UUID document = relay.document();
        RawSocket ada = opened(document, "ada");
        RawSocket bob = opened(document, "bob");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        bob.await("ada's presence", message -> message.toString().contains("\"cursor\":1"));

        bob.send(awareness(4711, 9, "no JSON at all"));
        bob.send(awareness(4712, 1, "{\"cursor\":2}"));

        ada.await("bob's presence", message -> message.toString().contains("\"cursor\":2"));
        assertThat(bob.closeCode()).isNull();
        assertThat(ada.received()).noneMatch(message -> message.toString().contains("no JSON"));
    }

    @Test
    void takesPresenceAwayWithItsSocket() {
        UUID document = relay.document();
        RawSocket ada = opened(document, "ada");
        RawSocket bob = opened(document, "bob");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        bob.await("ada's presence", message -> message.toString().contains("\"cursor\":1"));

        ada.close();

        bob.await(
                "ada's leaving",
                message -> message.getByte(0) == Messages.AWARENESS
                        && message.toString().endsWith("null"));
    }

    @Test
    void keepsAnIdleSocketAlive() {
        try (RelayFixture impatient = RelayFixture.start("collab.wire.keepalive", "1s")) {
            UUID document = impatient.document();
            RawSocket socket = impatient.socket("/yjs/" + document + "?token=" + TestShield.token("ada"));

            socket.await("a message that says nothing", message -> message.equals(RawSocket.buffer(1, 1, 0)));
        }
    }

    // --- bounds ---

    @Test
    void catchesAReaderUpOnItsSocketThatHadStoppedWhileOthersWentOn() {
        UUID document = relay.document();
        YjsClient stuck = relay.yjs(document, "bob");
        HocuspocusClient stuckToo = relay.hocuspocus(document, "bob");
        YjsClient ada = relay.yjs(document, "ada");
        YjsClient bob = relay.yjs(document, "bob");
        double resynced = counted(relay, "materi.collab.resyncs");
        double before = counted(relay, "materi.collab.messages.withheld");
        stuck.stopReading();
        stuckToo.stopReading();

        paste(ada, bob, 60);
        for (int i = 0; i < 100; i++) {
            stuckToo.insert(0, "!");
        }
        Await.until("its edits are there", () -> length(bob) == 60 * PASTE + 100);
        Await.until("both are too slow", () -> counted(relay, "materi.collab.messages.withheld") > before + 60);
        assertThat(unsent(relay)).isLessThan(2 * SEND_BYTES + 1_000_000);

        stuck.readOn();
        stuckToo.readOn();

        Await.until("it has all", () -> length(stuck) == length(bob));
        Await.until("it has all too", () -> stuckToo.length() == length(bob));
        assertThat(stuck.text().equals(bob.text())).isTrue();
        assertThat(stuckToo.text().equals(bob.text())).isTrue();
        stuckToo.awaitSaved();
        stuck.awaitSaved();
        assertThat(stuck.isOpen()).isTrue();
        assertThat(stuckToo.socket().closeCode()).isNull();
        assertThat(counted(relay, "materi.collab.resyncs")).isGreaterThanOrEqualTo(resynced + 2);
    }

    @Test
    void answersOnceItIsReadWhatAReaderAskedThatHadStopped() {
        UUID document = relay.document();
        YjsClient stuck = relay.yjs(document, "bob");
        YjsClient ada = relay.yjs(document, "ada");
        YjsClient bob = relay.yjs(document, "bob");
        int answers = stuck.answers();
        stuck.stopReading();
        double before = counted(relay, "materi.collab.messages.withheld");
        paste(ada, bob, 60);
        Await.until("it is too slow", () -> counted(relay, "materi.collab.messages.withheld") > before);
        double withheld = counted(relay, "materi.collab.messages.withheld");

        stuck.askForState();
        Await.until("the answer is withheld", () -> counted(relay, "materi.collab.messages.withheld") > withheld);
        stuck.readOn();

        Await.until("it is answered", () -> stuck.answers() == answers + 1);
        Await.until("it has all", () -> length(stuck) == 60 * PASTE);
    }

    @Test
    void tellsAReaderThatHadStoppedWhoCameAndWhoLeftMeanwhile() {
        UUID document = relay.document();
        RawSocket eve = opened(document, "eve");
        eve.send(awareness(4711, 1, "{\"cursor\":1}"));
        HocuspocusClient stuck = relay.hocuspocus(document, "bob");
        YjsClient ada = relay.yjs(document, "ada");
        YjsClient bob = relay.yjs(document, "bob");
        stuck.stopReading();
        paste(ada, bob, 60);

        eve.close();
        ada.send(awareness(4712, 1, "{\"cursor\":2}"));
        bob.awaitPresence(4712, "\"cursor\":2");
        bob.awaitPresence(4711, "null");
        stuck.readOn();

        Await.until("it has all", () -> stuck.length() == 60 * PASTE);
        stuck.awaitPresence(4712, "\"cursor\":2");
        stuck.awaitPresence(4711, "null");
    }

    @Test
    void cutsAReaderOffThatReadsNothingForLong() {
        try (RelayFixture impatient = relay.sibling("collab.wire.stalled", "5s", "collab.wire.send_bytes", "1MiB")) {
            UUID document = impatient.document();
            YjsClient stuck = impatient.yjs(document, "bob");
            YjsClient ada = impatient.yjs(document, "ada");
            YjsClient bob = impatient.yjs(document, "bob");
            stuck.stopReading();

            paste(ada, bob, 60);

            Await.until("one was too slow", () -> tooSlow(impatient) == 1);
            assertThat(bob.isOpen()).isTrue();
            stuck.readOn();
            assertThat(stuck.awaitClose()).isIn(1013, 1006);
        }
    }

    private static void paste(YjsClient writer, YjsClient witness, int times) {
        for (int i = 1; i <= times; i++) {
            writer.insert(0, "x".repeat(PASTE));
            int length = i * PASTE;
            Await.until("the other has it", () -> length(witness) == length);
        }
    }

    private static int length(YjsClient client) {
        return client.with(doc -> doc.text("content").length());
    }

    private static double counted(RelayFixture node, String name) {
        return node.test().node().meters().get(name).counter().count();
    }

    private static double unsent(RelayFixture node) {
        return node.test().node().meters().get("materi.collab.unsent").gauge().value();
    }

    private static double tooSlow(RelayFixture node) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.endings")
                .tag("reason", "too_slow")
                .counter()
                .count();
    }

    @Test
    void forgetsADocumentThatNobodyHasOpenAndBringsItBack() {
        try (RelayFixture forgetful = relay.sibling("collab.room.idle", "1s")) {
            UUID document = UUID.randomUUID();
            forgetful.share(document);
            YjsClient ada = forgetful.yjs(document, "ada");
            ada.insert(0, "kept in the log");
            ada.awaitSaved();
            ada.close();
            forgetful.refusal(
                    "ada",
                    service -> service.beginWriting(BeginWritingRequest.newBuilder()
                            .setDocumentId(document.toString())
                            .setAgentName("Aria")
                            .setAfterBlock("nowhere")
                            .build()));

            Await.until(
                    "no document is in memory",
                    () -> forgetful
                                    .test()
                                    .node()
                                    .meters()
                                    .get("materi.collab.rooms")
                                    .gauge()
                                    .value()
                            == 0);

            forgetful.yjs(document, "bob").awaitText("kept in the log");
        }
    }

    @Test
    void announcesThatADocumentChangedOnceForManyEdits() {
        try (RelayFixture talkative = RelayFixture.start("collab.announce_interval", "1s")) {
            YjsClient ada = talkative.yjs(talkative.document(), "ada");
            for (int i = 0; i < 30; i++) {
                ada.insert(0, "x");
            }
            ada.awaitSaved();

            Await.until("it is announced", () -> announced(talkative) > 0);
            assertThat(announced(talkative)).isLessThan(4);
        }
    }

    @Test
    void announcesADocumentThatNeverRestsOnceAnInterval() {
        try (RelayFixture talkative = RelayFixture.start("collab.announce_interval", "1s")) {
            YjsClient ada = talkative.yjs(talkative.document(), "ada");
            long began = System.nanoTime();
            while (announced(talkative) < 5) {
                ada.insert(0, "x");
                ada.awaitSaved();
            }

            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            assertThat(announced(talkative)).isLessThanOrEqualTo(seconds + 2);
        }
    }

    @Test
    void announcesManyDocumentsByAndByAndTheRestBeforeItEnds() {
        int documents = 120;
        try (RelayFixture quiet = RelayFixture.start("collab.announce_interval", "1h")) {
            try (RelayFixture leaving = quiet.sibling("collab.announce_interval", "2s")) {
                for (int i = 0; i < documents; i++) {
                    UUID document = UUID.randomUUID();
                    leaving.share(document);
                    YjsClient ada = leaving.yjs(document, "ada");
                    ada.insert(0, "x");
                    ada.awaitSaved();
                    ada.close();
                }
                Await.until("some are announced", () -> announced(quiet) > 0);
            }

            assertThat(announced(quiet)).isEqualTo(documents);
        }
    }

    private static long announced(RelayFixture node) {
        return Await.result(node.test()
                        .node()
                        .redis()
                        .send(Request.cmd(Command.XLEN).arg("materi:events:collaboration")))
                .toLong();
    }

    // --- the end ---

    @Test
    void sendsEverybodyElsewhereWhenTheNodeLeavesAndCommitsWhatTheySent() {
        List<Integer> codes = new ArrayList<>();
        UUID document = relay.document();
        try (RelayFixture leaving = relay.sibling()) {
            leaving.share(document);
            YjsClient ada = leaving.yjs(document, "ada");
            RawSocket bob = leaving.socket("/yjs/" + document + "?token=" + TestShield.token("bob"));
            HocuspocusClient carol = leaving.hocuspocus(document, "ada");
            ada.insert(0, "last words");
            ada.awaitSaved();
            leaving.test().boot().close();
            codes.add(ada.awaitClose());
            codes.add(bob.awaitClose());
            codes.add(carol.socket().awaitClose());
        }

        assertThat(codes).containsOnly(1012);
        relay.yjs(document, "ada").awaitText("last words");
    }

    private static RawSocket opened(UUID document, String user) {
        RawSocket socket = relay.socket("/yjs/" + document + "?token=" + TestShield.token(user));
        socket.await("the server's question", message -> message.getByte(0) == Messages.SYNC);
        return socket;
    }

    private static Buffer awareness(long client, long clock, String json) {
        return Messages.awareness(new FrameWriter(64)
                .varUint(1)
                .varUint(client)
                .varUint(clock)
                .bytes(json.getBytes(StandardCharsets.UTF_8))
                .toBytes());
    }
}
