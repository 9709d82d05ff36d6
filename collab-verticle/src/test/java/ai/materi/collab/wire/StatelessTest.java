package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.frame.Messages;
import ai.materi.platform.node.Await;
import ai.materi.proto.auth.v1.Role;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What applications say to each other beside the document, on the Hocuspocus wire. */
@Timeout(60)
class StatelessTest {
    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(
                "collab.room.stateless_bytes", "100B",
                "collab.room.stateless_per_second", "1",
                "collab.room.stateless_burst", "10");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void whatAWriterSaysGoesToEverybodyElseOnThatWire() {
        UUID document = relay.document();
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        HocuspocusClient adaToo = relay.hocuspocus(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        HocuspocusClient eve = relay.hocuspocus(document, "eve");
        HocuspocusClient elsewhere = relay.hocuspocus(relay.document(), "bob");
        RawSocket yjs = relay.socket("/yjs/" + document + "?token=" + TestShield.token("bob"));
        yjs.await("the server's question", message -> message.getByte(0) == Messages.SYNC);

        ada.say("first");
        ada.say("second ✓");
        bob.say("third");

        for (HocuspocusClient one : new HocuspocusClient[] {adaToo, eve}) {
            Await.until("all is heard", () -> one.heard().size() == 3);
            assertThat(one.heard()).containsSubsequence("first", "second ✓").contains("third");
        }
        Await.until("bob heard ada", () -> bob.heard().size() == 2);
        Await.until("ada heard bob", () -> ada.heard().size() == 1);
        assertThat(elsewhere.heard()).isEmpty();
        assertThat(yjs.received()).noneMatch(message -> message.getByte(0) == Messages.STATELESS);
    }

    @Test
    void whoMayNotWriteIsHeardByNobody() {
        UUID document = relay.document();
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        HocuspocusClient eve = relay.hocuspocus(document, "eve");
        double dropped = stateless(relay, "dropped");

        eve.say("let me in");
        Await.until("it is dropped", () -> stateless(relay, "dropped") == dropped + 1);
        relay.shield().allow(document, "eve", Role.ROLE_EDITOR);
        Await.until("she may write", () -> eve.scopes().contains("read-write"));
        eve.say("thank you");

        Await.until("bob heard something", () -> !bob.heard().isEmpty());
        assertThat(bob.heard()).containsExactly("thank you");
        assertThat(eve.ended()).isEmpty();
        assertThat(eve.refusedEdits()).isZero();
    }

    @Test
    void whatIsTooLargeIsDropped() {
        UUID document = relay.document();
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        double met = limited();

        ada.say("x".repeat(101));
        ada.say("y".repeat(100));

        Await.until("bob heard something", () -> !bob.heard().isEmpty());
        assertThat(bob.heard()).containsExactly("y".repeat(100));
        assertThat(limited()).isEqualTo(met + 1);
        assertThat(ada.ended()).isEmpty();
    }

    @Test
    void whoSaysTooMuchIsNotHeardForAWhileAndWritesOn() {
        UUID document = relay.document();
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        double met = limited();

        for (int i = 0; i < 1_000; i++) {
            ada.say("word " + i);
        }
        ada.insert(0, "an edit");
        ada.awaitSaved();
        bob.awaitText("an edit");

        assertThat(limited()).isGreaterThan(met + 500);
        assertThat(bob.heard()).startsWith("word 0").hasSizeBetween(10, 499);
        int heard = bob.heard().size();
        Await.until("she is heard again", () -> {
            ada.say("again");
            return bob.heard().size() > heard;
        });
    }

    @Test
    void whatIsNoTextIsMadeOne() {
        UUID document = relay.document();
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");

        ada.send(Messages.stateless(new byte[] {'a', (byte) 0xc3, (byte) 0x28, (byte) 0xff}));

        Await.until("bob heard it", () -> !bob.heard().isEmpty());
        assertThat(bob.heard()).containsExactly("a\ufffd(\ufffd");
    }

    @Test
    void nothingIsSaidWhereItIsSwitchedOff() {
        try (RelayFixture silent = relay.sibling("collab.room.stateless", "off")) {
            UUID document = silent.document();
            HocuspocusClient ada = silent.hocuspocus(document, "ada");
            HocuspocusClient bob = silent.hocuspocus(document, "bob");

            ada.say("anybody?");
            Await.until("it is dropped", () -> stateless(silent, "dropped") == 1);
            ada.insert(0, "hello");

            bob.awaitText("hello");
            assertThat(bob.heard()).isEmpty();
        }
    }

    private static double stateless(RelayFixture node, String outcome) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.stateless")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static double limited() {
        return relay.test()
                .node()
                .meters()
                .get("materi.collab.limits")
                .tag("limit", "stateless")
                .counter()
                .count();
    }
}
