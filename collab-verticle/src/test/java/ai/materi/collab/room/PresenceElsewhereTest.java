package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Presence that other nodes tell of. */
class PresenceElsewhereTest {
    private static final UUID USER = UUID.randomUUID();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Presence presence =
            new Presence(1_000, 10_000, new RoomMeters(meters), new HashMap<>(), (clientId, user) -> {});

    @Test
    void isShownHereAndNotToldToOthers() {
        presence.receive("one", List.of(state(7, 1, "{\"a\":1}")), 0);

        Presence.Changes changes = presence.drain(Integer.MAX_VALUE);
        assertThat(text(changes.update())).contains("{\"a\":1}");
        assertThat(changes.here()).isEmpty();
        assertThat(presence.here()).isEmpty();
    }

    @Test
    void tellsOthersOfWhatTheServerHolds() {
        presence.put(7, new JsonObject().put("a", 1), 0);
        assertThat(presence.drain(Integer.MAX_VALUE).here())
                .singleElement()
                .satisfies(told -> assertThat(told.clientId()).isEqualTo(7));

        presence.remove(7);

        assertThat(presence.drain(Integer.MAX_VALUE).here())
                .singleElement()
                .satisfies(told -> assertThat(told.json()).isNull());
    }

    @Test
    void sendsWhatHasWaitedLongestFirstAndOnlyItsNewestState() {
        for (int clientId = 1; clientId <= 3; clientId++) {
            presence.put(clientId, new JsonObject().put("of", clientId), 0);
        }
        presence.put(2, new JsonObject().put("of", "two"), 0);

        assertThat(text(presence.drain(1).update())).contains("{\"of\":1}").doesNotContain("two");
        assertThat(text(presence.drain(30).update()))
                .contains("two", "{\"of\":3}")
                .doesNotContain("{\"of\":2}");
        assertThat(presence.hasChanges()).isFalse();
    }

    @Test
    void saysThatAClientLeftEvenWhenItsTurnComesLate() {
        presence.put(1, new JsonObject().put("of", 1), 0);
        presence.put(2, new JsonObject().put("of", 2), 0);
        presence.remove(2);

        presence.drain(1);
        assertThat(text(presence.drain(1).update())).contains("null");
    }

    @Test
    void neverReplacesWhatTheServerHolds() {
        presence.put(7, new JsonObject().put("a", 1), 0);

        presence.receive("one", List.of(state(7, 99, "{\"b\":1}")), 0);

        assertThat(text(presence.everybody())).contains("\"a\"").doesNotContain("\"b\"");
    }

    @Test
    void keepsTheNewerOfTwoStatesWhicheverComesLast() {
        presence.receive("one", List.of(state(7, 5, "{\"a\":5}"), state(7, 4, "{\"a\":4}")), 0);
        presence.receive("two", List.of(state(7, 4, "{\"b\":4}")), 0);
        assertThat(text(presence.everybody())).contains("{\"a\":5}");

        presence.receive("two", List.of(state(7, 6, "{\"b\":6}")), 0);
        presence.receive("one", List.of(new PresenceState(7, 9, null, null)), 0);

        assertThat(text(presence.everybody())).contains("{\"b\":6}");
    }

    @Test
    void followsAClientThatSaysTheSameAtAnotherNodeAsBefore() {
        presence.receive("one", List.of(state(7, 5, "{\"a\":5}")), 0);

        presence.receive("two", List.of(state(7, 5, "{\"a\":5}")), 0);
        presence.retain("one", Set.of());

        assertThat(text(presence.everybody())).contains("{\"a\":5}");
    }

    @Test
    void dropsAllOfANodeThatItDoesNotSpeakForAnyMore() {
        presence.receive("one", List.of(state(7, 1, "{\"a\":7}"), state(8, 1, "{\"a\":8}")), 0);
        presence.receive("two", List.of(state(9, 1, "{\"a\":9}")), 0);

        presence.retain("one", Set.of(8L));

        assertThat(text(presence.everybody()))
                .contains("{\"a\":8}", "{\"a\":9}")
                .doesNotContain("{\"a\":7}");
    }

    @Test
    void expiresWhenItIsNotRenewed() {
        presence.receive("one", List.of(state(7, 1, "{}")), 1_000);

        presence.expire(1_000);
        assertThat(presence.isEmpty()).isFalse();
        presence.expire(1_001);

        assertThat(presence.isEmpty()).isTrue();
    }

    @Test
    void isBoundedInAllAndForEachState() {
        String large = "{\"a\":\"" + "x".repeat(1_800) + "\"}";
        presence.receive("one", List.of(state(1, 1, "{\"a\":\"" + "x".repeat(2_000) + "\"}")), 0);
        assertThat(presence.isEmpty()).isTrue();

        for (int client = 0; client < 10; client++) {
            presence.receive("one", List.of(state(client, 1, large)), 0);
        }

        assertThat(text(presence.everybody()).split("x\"}", -1)).hasSize(5 + 1);
        assertThat(meters.get("materi.collab.presence.drops").counter().count()).isEqualTo(6);
        presence.receive("one", List.of(new PresenceState(0, 1, null, null), state(42, 1, large)), 0);
        assertThat(meters.get("materi.collab.presence.drops").counter().count()).isEqualTo(6);
    }

    private static PresenceState state(long clientId, long clock, String json) {
        return new PresenceState(clientId, clock, json.getBytes(StandardCharsets.UTF_8), USER);
    }

    private static String text(byte[] update) {
        return new String(update, StandardCharsets.UTF_8);
    }
}
