package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.materi.gateway.bench.collab.CollabLoad;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load of the benchmark, on a node: what it counts is what was sent, seen and acknowledged. */
@Timeout(120)
class CollabLoadTest {
    /** Every tenth editor that does not write looks at cursors. */
    private static final int READERS = 10;

    private static final int SECONDS = 3;

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @Test
    void countsWhatEverybodyElseSees() throws Exception {
        JsonArray documents = new JsonArray().add(stand.document("One")).add(stand.document("Other"));

        JsonObject told = CollabLoad.run(load(stand.token("ada"), documents, 2 + READERS));

        assertThat(told.getLong("due")).isPositive().isEqualTo(told.getLong("delivered"));
        assertThat(told.getInteger("closed")).isZero();
        assertThat(told.getLong("unacknowledged")).isZero();
        assertThat(told.getJsonObject("acknowledged").getDouble("aSecond"))
                .isCloseTo(told.getLong("due") / (double) (READERS * SECONDS), offset(0.1));
        assertThat(told.getJsonObject("presence").getLong("count")).isPositive();
        assertThat(told.getDouble("p50")).isPositive();
    }

    @Test
    void countsWhatIsAcknowledgedWhereNobodyElseIs() throws Exception {
        JsonObject told = CollabLoad.run(load(stand.token("ada"), new JsonArray().add(stand.document("Alone")), 1));

        assertThat(told.getLong("due")).isZero();
        assertThat(told.getDouble("p50")).isNull();
        assertThat(told.getJsonObject("acknowledged").getDouble("aSecond")).isPositive();
    }

    @Test
    void saysWhyItIsRefused() {
        JsonArray documents = new JsonArray().add(stand.document("Closed"));

        assertThatThrownBy(() -> CollabLoad.run(load("not a token", documents, READERS)))
                .hasMessageStartingWith("refused: ");
    }

    private static String load(String token, JsonArray documents, int editors) {
        return new JsonObject()
                .put("url", "ws://127.0.0.1:" + stand.test().node().http().port() + "/collab")
                .put("token", token)
                .put("names", documents)
                .put("editors", editors)
                .put("writers", Math.min(2, editors))
                .put("rate", 10)
                .put("cursors", true)
                .put("seconds", SECONDS)
                .put("warmup", 0)
                .put("pid", ProcessHandle.current().pid())
                .encode();
    }
}
