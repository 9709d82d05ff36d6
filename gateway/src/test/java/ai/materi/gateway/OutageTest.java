package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Level;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Cable;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.proto.ai.v1.StartGenerationRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.document.v1.CreateDocumentRequest;
import ai.materi.proto.document.v1.GetDocumentRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the interface offers while a service is away, level by level: the table of docs/degradation.md. */
@Timeout(180)
class OutageTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String DOCUMENTS = "/api/v1/documents";
    private static final String GENERATIONS = "/api/v1/ai/generations";

    private static Vertx vertx;
    private static String database;
    private static Cable toPostgres;
    private static Cable toRedis;
    private static Stand stand;
    private static String path;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        database = TestServices.freshDatabase();
        toPostgres = Cable.to(vertx, database);
        String redis = TestServices.freshKeySpace();
        toRedis = Cable.to(vertx, redis);
        stand = Stand.whole(Map.of(
                "postgres.url",
                toPostgres.through(database),
                "redis.url",
                toRedis.through(redis),
                "redis.breaker_reset",
                "100ms",
                "collab.log.overdue",
                "2s"));
        path = DOCUMENTS
                + "/"
                + stand.as(
                                "ada",
                                "POST",
                                DOCUMENTS,
                                new JsonObject()
                                        .put("title", "Harbour")
                                        .put("workspace_id", "demo")
                                        .put("content", "The harbour opens in May."))
                        .json()
                        .getString("id");
    }

    @AfterAll
    static void end() {
        stand.close();
        TestServices.drop(database);
        Await.result(vertx.close());
    }

    @AfterEach
    void mend() {
        toPostgres.mend();
        toRedis.mend();
        awaitLevel(Level.NORMAL);
        assertThat(ask("POST", LOGIN, login()).status()).isEqualTo(200);
    }

    @Test
    void lacksSigningInOnlyWhileRedisIsAway() {
        toRedis.cut();
        awaitLevel(Level.DEGRADED);

        assertRefused(ask("POST", LOGIN, login()), Level.DEGRADED);
        assertRefused(ask("POST", "/api/v1/auth/register", login()), Level.DEGRADED);
        assertThat(ask("GET", path + "/content", null).status()).isEqualTo(200);
        assertThat(ask("POST", path + "/edit", append("Redis is away.")).status())
                .isEqualTo(200);
        assertThat(ask("POST", GENERATIONS, generation()).status()).isEqualTo(200);
    }

    @Test
    void lacksGeneratingTooWhileCommitsAreOverdue() throws SQLException {
        try (Connection connection = TestServices.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from collab.documents for update");
            Future<Answer> slow = vertx.executeBlocking(() -> ask("POST", path + "/edit", append("Commits are slow.")));
            awaitLevel(Level.MINIMAL);

            assertRefused(ask("POST", GENERATIONS, generation()), Level.MINIMAL);
            assertRefused(ask("POST", LOGIN, login()), Level.MINIMAL);
            assertThat(problem(services -> services.ai()
                                    .startGeneration(StartGenerationRequest.newBuilder()
                                            .setAction("summary")
                                            .build()))
                            .members())
                    .containsEntry("degradation", "minimal");
            assertThat(ask("GET", path, null).status()).isEqualTo(200);
            connection.rollback();
            assertThat(Await.result(slow).status()).isEqualTo(200);
        }
    }

    @Test
    void lacksEverythingWhilePostgresIsAway() {
        toPostgres.cut();
        awaitLevel(Level.EMERGENCY);

        assertRefused(ask("GET", DOCUMENTS, null), Level.EMERGENCY);
        assertRefused(ask("GET", path + "/content", null), Level.EMERGENCY);
        assertRefused(ask("PUT", path + "/content", null, "If-Match", "\"x\""), Level.EMERGENCY);
        assertRefused(ask("POST", path + "/edit", append("Nothing is saved.")), Level.EMERGENCY);
        assertRefused(ask("POST", GENERATIONS, generation()), Level.EMERGENCY);
        assertRefused(ask("POST", LOGIN, login()), Level.EMERGENCY);
        assertThat(ask("GET", "/openapi.json", null).status()).isEqualTo(200);
        assertThat(ask("GET", "/.well-known/jwks.json", null).status()).isEqualTo(200);
        assertThat(stand.errors()).isEmpty();
    }

    @Test
    void tellsCallersOverGrpcTheSame() {
        toPostgres.cut();
        awaitLevel(Level.EMERGENCY);

        assertLost(services -> services.auth().login(LoginRequest.getDefaultInstance()));
        assertLost(services -> services.documents().getDocument(GetDocumentRequest.getDefaultInstance()));
        assertLost(services -> services.documents().createDocument(CreateDocumentRequest.getDefaultInstance()));
    }

    private static void assertLost(Function<Services, Future<?>> call) {
        assertThat(problem(call).members())
                .containsEntry("degradation", "emergency")
                .containsEntry("retry_after", 5);
    }

    private static Problem problem(Function<Services, Future<?>> call) {
        Services services = stand.test().node().services();
        CallContext caller = CallContext.anonymous("outage", null);
        return (Problem) Await.failure(Future.future(answer -> vertx.runOnContext(
                go -> caller.call(() -> call.apply(services)).<Object>mapEmpty().onComplete(answer))));
    }

    private static void assertRefused(Answer answer, Level level) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("unavailable");
        assertThat(answer.json().getString("degradation")).isEqualTo(level.word());
        assertThat(answer.json().getInteger("retry_after")).isEqualTo(5);
        assertThat(answer.header("retry-after")).isEqualTo("5");
        assertThat(answer.header(Degradation.HEADER)).startsWith(level.word() + "; reasons=");
    }

    private static void awaitLevel(Level level) {
        Await.until(
                "the level is " + level.word(),
                () -> stand.test().node().degradation().level() == level);
    }

    private static Answer ask(String method, String at, JsonObject body, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + stand.token("ada");
        all[2] = "Content-Type";
        all[3] = "application/json";
        return stand.sendUnchecked(method, at, body == null ? "" : body.encode(), all);
    }

    private static JsonObject login() {
        return new JsonObject().put("email", "ada@demo.materi.local").put("password", Stand.PASSWORD);
    }

    private static JsonObject append(String text) {
        return new JsonObject()
                .put("edits", JsonArray.of(new JsonObject().put("append", new JsonObject().put("content", text))));
    }

    private static JsonObject generation() {
        return new JsonObject().put("action", "summary").put("document_id", path.substring(path.lastIndexOf('/') + 1));
    }
}
