package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.room.PresenceState;
import ai.materi.platform.node.Await;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is there, as seen from another node. */
@Timeout(120)
class ClusterPresenceTest {
    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        nodes = TwoNodes.start();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Test
    void showsWhatAClientOfAnotherNodeDoesUnderItsOwnName() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        RawSocket ada = opened(nodes.here(), document, "ada");

        ada.send(awareness(4711, 1, "{\"cursor\":1,\"user\":{\"name\":\"root\"}}"));

        String seen = awaitPresence(bob, "\"cursor\":1");
        assertThat(seen).contains("\"name\":\"ada\"", TestShield.user("ada").toString());
    }

    @Test
    void showsWhoWasThereBeforeTheDocumentWasOpenedHere() {
        UUID document = nodes.document();
        RawSocket ada = opened(nodes.here(), document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        awaitPresence(ada, "\"cursor\":1");

        RawSocket bob = opened(nodes.there(), document, "bob");

        awaitPresence(bob, "\"cursor\":1");
    }

    @Test
    void carriesWhatAnApplicationSaysToOtherNodes() {
        UUID document = nodes.document();
        HocuspocusClient ada = nodes.here().hocuspocus(document, "ada");
        HocuspocusClient adaToo = nodes.here().hocuspocus(document, "ada");
        HocuspocusClient eve = nodes.there().hocuspocus(document, "eve");
        HocuspocusClient bob = nodes.there().hocuspocus(document, "bob");

        ada.say("from here");
        Await.until("eve hears it", () -> eve.heard().equals(List.of("from here")));
        bob.say("from there");

        Await.until("ada hears bob", () -> ada.heard().equals(List.of("from there")));
        Await.until("ada hears both", () -> adaToo.heard().equals(List.of("from here", "from there")));
        Await.until("bob hears ada, once", () -> bob.heard().equals(List.of("from here")));
    }

    @Test
    void ignoresWhatANodeSaysOfAnApplicationThatCannotBeRead() {
        UUID document = nodes.document();
        HocuspocusClient bob = nodes.there().hocuspocus(document, "bob");
        double malformed = TwoNodes.counter(nodes.there(), "malformed");
        try (ForeignNode foreign = nodes.foreign(nodes.there())) {
            byte[] cut =
                    new FrameWriter(64).string(document.toString()).varUint(99).toBytes();
            foreign.tell(TwoNodes.vertx(nodes.there()), BusMessages.WORDS, cut);
            Await.until("it is counted", () -> TwoNodes.counter(nodes.there(), "malformed") == malformed + 1);
            foreign.tell(
                    TwoNodes.vertx(nodes.there()),
                    BusMessages.WORDS,
                    BusMessages.words(document, "whole".getBytes(StandardCharsets.UTF_8)));

            Await.until("bob hears it", () -> bob.heard().equals(List.of("whole")));
        }
    }

    @Test
    void takesPresenceAwayWithTheSocketOnTheOtherNode() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        RawSocket ada = opened(nodes.here(), document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        awaitPresence(bob, "\"cursor\":1");

        ada.close();

        awaitLeaving(bob);
    }

    @Test
    void hasItsClientsSayAnewWhereTheyAreForANodeThatTookThemToHaveLeft() {
        UUID document = nodes.document();
        RawSocket ada = opened(nodes.here(), document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        awaitPresence(ada, "\"cursor\":1");
        try (ForeignNode foreign = nodes.foreign(nodes.here())) {
            byte[] question = BusMessages.whoIsThere(List.of(document)).get(0);

            foreign.tell(TwoNodes.vertx(nodes.here()), BusMessages.WHO_IS_THERE_ANEW, question);

            awaitLeaving(ada);
        }
    }

    @Test
    void takesPresenceAwayWithANodeThatStops() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        try (RelayFixture third = nodes.third()) {
            third.share(document);
            RawSocket ada = opened(third, document, "ada");
            ada.send(awareness(4711, 1, "{\"cursor\":1}"));
            awaitPresence(bob, "\"cursor\":1");
        }

        awaitLeaving(bob);
    }

    @Test
    void takesPresenceAwayOfANodeThatIsCutOff() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        try (ForeignNode silent = nodes.foreign(nodes.there())) {
            tell(silent, document, 4711, 1);
            awaitPresence(bob, "\"cursor\":4711");

            awaitLeaving(bob);
        }
    }

    @Test
    void takesPresenceAwayWithANodeThatLeavesTheCluster() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        try (ForeignNode leaving = nodes.foreign(nodes.there())) {
            tell(leaving, document, 4711, 1);
            awaitPresence(bob, "\"cursor\":4711");
        }

        awaitLeaving(bob);
    }

    @Test
    void letsNobodySpeakForAClientOfAnotherNode() {
        UUID document = nodes.document();
        RawSocket ada = opened(nodes.here(), document, "ada");
        RawSocket bob = opened(nodes.there(), document, "bob");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        awaitPresence(bob, "\"cursor\":1");

        bob.send(awareness(4711, 9, "{\"cursor\":2}"));
        bob.send(awareness(4712, 1, "{\"cursor\":3}"));

        awaitPresence(ada, "\"cursor\":3");
        assertThat(ada.received()).noneMatch(message -> message.toString().contains("\"cursor\":2"));
        assertThat(bob.received()).noneMatch(message -> message.toString().contains("\"cursor\":2"));
    }

    @Test
    void followsAClientThatMovesToAnotherNode() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.here(), document, "bob");
        RawSocket ada = opened(nodes.here(), document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        awaitPresence(bob, "\"cursor\":1");

        RawSocket moved = opened(nodes.there(), document, "ada");
        awaitPresence(moved, "\"cursor\":1");
        moved.send(awareness(4711, 2, "{\"cursor\":2}"));

        awaitPresence(bob, "\"cursor\":2");
        ada.close();
        moved.send(awareness(4711, 3, "{\"cursor\":3}"));
        awaitPresence(bob, "\"cursor\":3");
        assertThat(bob.received()).noneMatch(ClusterPresenceTest::isLeaving);
    }

    @Test
    void keepsAClientThatComesBackAtAnotherNodeThanTheOneThatStopped() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        RawSocket moved = opened(nodes.here(), document, "ada");
        RelayFixture third = nodes.third();
        third.share(document);
        RawSocket ada = opened(third, document, "ada");
        ada.send(awareness(4711, 1, "{\"cursor\":1}"));
        RawSocket eve = opened(third, document, "eve");
        eve.send(awareness(4712, 1, "{\"cursor\":2}"));
        awaitPresence(bob, "\"cursor\":1");
        awaitPresence(moved, "\"cursor\":1");
        awaitPresence(bob, "\"cursor\":2");

        // How long the rest of its end takes is not to count.
        CompletableFuture<Void> closed = CompletableFuture.runAsync(third::close);
        assertThat(ada.awaitClose()).isPositive();
        moved.send(awareness(4711, 1, "{\"cursor\":1}"));
        closed.join();

        assertThat(whoLeft(bob)).isEqualTo(4712);
        assertThat(bob.received().stream().filter(ClusterPresenceTest::isLeaving))
                .hasSize(1);
    }

    @Test
    void keepsAClientThatComesBackAtAnotherNodeThanTheOneThatDied() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        RawSocket moved = opened(nodes.here(), document, "ada");
        try (ForeignNode dying = nodes.foreign(nodes.there())) {
            tell(dying, document, 4711, 1);
            tell(dying, document, 4712, 1);
            awaitPresence(bob, "\"cursor\":4711");
            awaitPresence(bob, "\"cursor\":4712");
            // It is heard of no more from here on, and given up after a while: how long it takes to end is not to
            // count.
            dying.beat(TwoNodes.vertx(nodes.there()));
            moved.send(awareness(4711, 1, "{\"cursor\":4711}"));
        }

        assertThat(whoLeft(bob)).isEqualTo(4712);
        assertThat(bob.received().stream().filter(ClusterPresenceTest::isLeaving))
                .hasSize(1);
    }

    @Test
    void asksWhoIsThereWhenItHasMissedSomething() {
        UUID document = nodes.document();
        RawSocket bob = opened(nodes.there(), document, "bob");
        RawSocket ada = opened(nodes.here(), document, "ada");
        TwoNodes.loseSubscription(nodes.there());

        ada.send(awareness(4711, 1, "{\"cursor\":1}"));

        awaitPresence(bob, "\"cursor\":1");
    }

    private static void tell(ForeignNode node, UUID document, long clientId, long clock) {
        byte[] json = ("{\"cursor\":" + clientId + "}").getBytes(StandardCharsets.UTF_8);
        BusMessages.presence(document, List.of(new PresenceState(clientId, clock, json, TestShield.user("ada"))))
                .forEach(body -> node.tell(TwoNodes.vertx(nodes.there()), BusMessages.PRESENCE, body));
    }

    private static RawSocket opened(RelayFixture node, UUID document, String user) {
        RawSocket socket = node.socket("/yjs/" + document + "?token=" + TestShield.token(user));
        socket.await("the server's question", message -> message.getByte(0) == Messages.SYNC);
        return socket;
    }

    private static String awaitPresence(RawSocket socket, String part) {
        return socket.await(
                        "the presence with " + part,
                        message -> message.toString().contains(part))
                .toString();
    }

    private static void awaitLeaving(RawSocket socket) {
        socket.await("the leaving", ClusterPresenceTest::isLeaving);
    }

    /** The client id in the first message that says so of one. */
    private static long whoLeft(RawSocket socket) {
        FrameReader message = new FrameReader(socket.await("the leaving", ClusterPresenceTest::isLeaving));
        assertThat(message.type()).isEqualTo(Messages.AWARENESS);
        FrameReader update = new FrameReader(Buffer.buffer(message.bytes()));
        assertThat(update.varUint()).isEqualTo(1);
        return update.varUint();
    }

    private static boolean isLeaving(Buffer message) {
        return message.getByte(0) == Messages.AWARENESS && message.toString().endsWith("null");
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
