package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.TestServices;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IdempotencyTest {
    private static final String DOCUMENTS = "/api/v1/documents";

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    private static Answer create(String user, String title, String key) {
        JsonObject body = new JsonObject().put("title", title).put("workspace_id", "demo");
        return stand.as(user, "POST", DOCUMENTS, body, "Idempotency-Key", key);
    }

    private static String freshKey() {
        return UUID.randomUUID().toString();
    }

    @Test
    void answersTheSameRequestWithTheSameAnswer() {
        String key = freshKey();

        Answer first = create("ada", "Once", key);
        Answer second = create("ada", "Once", key);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("location")).isEqualTo(first.header("location"));
        assertThat(second.header("etag")).isEqualTo(first.header("etag"));
        assertThat(first.header("idempotency-replayed")).isEmpty();
        assertThat(second.header("idempotency-replayed")).isEqualTo("true");
    }

    @Test
    void refusesAnotherRequestWithTheSameKey() {
        String key = freshKey();
        create("ada", "One", key);

        assertThat(create("ada", "Another", key).code()).isEqualTo("idempotency_mismatch");
    }

    @Test
    void keepsTheKeysOfUsersApart() {
        String key = freshKey();

        assertThat(create("ada", "Mine", key).json().getString("id"))
                .isNotEqualTo(create("bob", "Mine", key).json().getString("id"));
    }

    @Test
    void repeatsARefusalThatWouldBeTheSameAgain() {
        String key = freshKey();

        assertThat(create("ada", " ", key).status()).isEqualTo(422);
        Answer again = create("ada", " ", key);
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    }

    @Test
    void createsOneDocumentWhenTheSameRequestsRace() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 5; round++) {
                String key = freshKey();
                String title = "Race " + key;
                List<Future<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    answers.add(threads.submit(() -> create("ada", title, key)));
                }
                Set<String> ids = new HashSet<>();
                for (Future<Answer> answer : answers) {
                    if (answer.get().status() == 201) {
                        ids.add(answer.get().json().getString("id"));
                    } else {
                        assertThat(answer.get().code()).isEqualTo("idempotency_in_progress");
                        assertThat(answer.get().header("retry-after")).isEqualTo("1");
                    }
                }
                assertThat(ids).hasSize(1);
                assertThat(stand.as("ada", "GET", DOCUMENTS + "?q=" + key, null).items())
                        .hasSize(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void finishesWhatACrashLeftBehindUnderTheSameId() {
        String key = freshKey();
        String id = create("ada", "Interrupted", key).json().getString("id");
        TestServices.execute(
                stand.test().databaseUrl(),
                "update api.idempotency_keys set status = null, headers = null, body = null,"
                        + " running_until = now() where key = '" + key + "'");

        Answer again = create("ada", "Interrupted", key);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json().getString("id")).isEqualTo(id);
        assertThat(stand.as("ada", "GET", DOCUMENTS + "?q=Interrupted", null).items())
                .hasSize(1);
    }

    @Test
    void takesAKeyAsNewAfterADay() {
        String key = freshKey();
        String id = create("ada", "Yesterday", key).json().getString("id");
        TestServices.execute(
                stand.test().databaseUrl(),
                "update api.idempotency_keys set created_at = now() - interval '25 hours' where key = '" + key + "'");

        assertThat(create("ada", "Yesterday", key).json().getString("id")).isNotEqualTo(id);
    }

    @Test
    void refusesAKeyThatIsNone() {
        assertThat(create("ada", "Key", "with space").status()).isEqualTo(400);
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        assertThat(create("ada", "Key", "k".repeat(256)).status()).isEqualTo(400);
        assertThat(create("ada", "Key", "k".repeat(255)).status()).isEqualTo(201);
    }
}
