package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.node.Cable;
import ai.materi.platform.node.TestServices;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LimitsTest {
    private static final String DOCUMENTS = "/api/v1/documents";
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String[] JSON = {"Content-Type", "application/json"};

    @Test
    void refusesAUserWhoAsksTooOftenAndSaysWhenToComeBack() {
        try (Stand stand = Stand.start(Map.of("api.limits.user_per_minute", "5"))) {
            Answer first = stand.as("ada", "GET", DOCUMENTS, null);
            for (int i = 0; i < 4; i++) {
                assertThat(stand.as("ada", "GET", DOCUMENTS, null).status()).isEqualTo(200);
            }

            Answer refused = stand.as("ada", "GET", DOCUMENTS, null);

            assertThat(first.header("ratelimit-policy")).isEqualTo("\"address\";q=60000;w=60, \"user\";q=5;w=60");
            assertThat(first.header("ratelimit")).startsWith("\"user\";r=4;t=");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.code()).isEqualTo("rate_limited");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 12);
            assertThat(refused.header("ratelimit")).startsWith("\"user\";r=0;t=");
            assertThat(stand.as("bob", "GET", DOCUMENTS, null).status()).isEqualTo(200);
        }
    }

    @Test
    void countsAWorkspaceForAllItsMembersButNotForStrangers() {
        try (Stand stand = Stand.start(Map.of("api.limits.workspace_per_minute", "6"))) {
            String path = DOCUMENTS + "/" + stand.document("Busy");
            String stranger = stand.stranger();
            for (int i = 0; i < 10; i++) {
                assertThat(stand.asToken(stranger, "GET", path, null).status()).isEqualTo(404);
            }
            int let = 0;
            for (int i = 0; i < 10; i++) {
                let += stand.as(i % 2 == 0 ? "ada" : "bob", "GET", path, null).status() == 200 ? 1 : 0;
            }

            assertThat(let).isBetween(4, 7);
        }
    }

    @Test
    void createsNoMoreInAWorkspaceThanItsBudgetAllows() {
        try (Stand stand = Stand.start(Map.of("api.limits.workspace_per_minute", "6"))) {
            JsonObject wanted = new JsonObject().put("title", "Many").put("workspace_id", "demo");
            int made = 0;
            for (int i = 0; i < 12; i++) {
                made += stand.as(i % 2 == 0 ? "ada" : "bob", "POST", DOCUMENTS, wanted)
                                        .status()
                                == 201
                        ? 1
                        : 0;
            }

            Answer refused = stand.as("ada", "POST", DOCUMENTS, wanted);

            assertThat(made).isBetween(6, 8); // the budget refills while it is spent
            assertThat(refused.code()).isEqualTo("rate_limited");
            assertThat(refused.header("ratelimit")).startsWith("\"workspace\";r=0;t=");
        }
    }

    @Test
    void startsNoMoreGenerationsInAWorkspaceThanItsBudgetAllows() {
        try (Stand stand = Stand.start(Map.of("api.limits.workspace_per_minute", "2"))) {
            JsonObject wanted = new JsonObject().put("action", "summary").put("document_id", stand.document("Busy"));
            Answer first = stand.as("ada", "POST", "/api/v1/ai/generations", wanted);

            Answer refused = stand.as("ada", "POST", "/api/v1/ai/generations", wanted);

            assertThat(first.status()).isNotEqualTo(429);
            assertThat(refused.code()).isEqualTo("rate_limited");
        }
    }

    @Test
    void limitsGuessesAtOneAccountAndFromOneAddress() {
        try (Stand stand = Stand.start(Map.of("api.limits.account_per_minute", "3"))) {
            String guess = new JsonObject()
                    .put("email", "Bob@demo.materi.local")
                    .put("password", "a wrong guess")
                    .encode();
            for (int i = 0; i < 3; i++) {
                assertThat(stand.send("POST", LOGIN, guess, JSON).status()).isEqualTo(401);
            }

            assertThat(stand.send("POST", LOGIN, guess.replace("Bob", "bob"), JSON)
                            .status())
                    .isEqualTo(429);
        }
    }

    @Test
    void letsReadersThroughAndNobodySignInWhenItCannotCount() {
        Vertx vertx = Vertx.vertx();
        String redis = TestServices.freshKeySpace();
        Cable cable = Cable.to(vertx, redis);
        try (Stand stand = Stand.start(Map.of("redis.url", cable.through(redis)))) {
            assertThat(stand.as("ada", "GET", DOCUMENTS, null).header("materi-ratelimit"))
                    .isEmpty();
            cable.cut();

            Await.until(
                    "nobody counts",
                    () -> stand.as("ada", "GET", DOCUMENTS, null)
                            .header("materi-ratelimit")
                            .equals("unavailable"));
            assertThat(stand.as("ada", "GET", DOCUMENTS, null).status()).isEqualTo(200);
            Answer refused = stand.sendUnchecked(
                    "POST",
                    LOGIN,
                    new JsonObject()
                            .put("email", "ada@demo.materi.local")
                            .put("password", Stand.PASSWORD)
                            .encode(),
                    JSON);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isNotEmpty();
        } finally {
            Await.result(vertx.close());
        }
    }
}
