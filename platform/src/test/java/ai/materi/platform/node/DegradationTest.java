package ai.materi.platform.node;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.embedded.EmbeddedPostgres;
import ai.materi.platform.embedded.Programs;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Level;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The levels of a node whose services go and come back. */
@Timeout(120)
class DegradationTest {
    private static Vertx vertx;

    @TempDir
    Path data;

    private Cable toPostgres;
    private Cable toRedis;
    private TestNode test;

    private record Answer(int status, String level, JsonObject body) {}

    @BeforeAll
    static void createVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        Await.result(vertx.close());
    }

    @AfterEach
    void stop() {
        test.close();
    }

    private void startOn(String postgres) {
        toPostgres = Cable.to(vertx, postgres);
        String redis = TestServices.freshKeySpace();
        toRedis = Cable.to(vertx, redis);
        test = TestNode.start(Map.of(
                        "postgres.url",
                        toPostgres.through(postgres),
                        "redis.url",
                        toRedis.through(redis),
                        "redis.breaker_reset",
                        "100ms",
                        "drain.notice",
                        "0s"))
                .open();
    }

    @Test
    void isAnEmergencyWhilePostgresIsStopped() throws InterruptedException {
        EmbeddedPostgres first = startPostgres();
        startOn(first.url());
        first.stop();
        awaitLevel(Level.EMERGENCY);
        Answer away = ready();

        EmbeddedPostgres second = startPostgres();
        toPostgres.leadTo(second.url());
        awaitLevel(Level.NORMAL);

        assertThat(away.status()).isEqualTo(503);
        assertThat(away.level()).isEqualTo("emergency; reasons=\"postgres\"");
        assertThat(away.body().getString("degradation")).isEqualTo("emergency");
        assertThat(away.body().getJsonArray("reasons")).isEqualTo(JsonArray.of("postgres"));
        Answer back = ready();
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.level()).isEqualTo("normal");
        assertThat(back.body().getJsonArray("reasons")).isEmpty();
        second.stop();
    }

    @Test
    void isAnEmergencyWhilePostgresIsSilent() {
        startOn(TestServices.freshDatabase());
        toPostgres.freeze();
        awaitLevel(Level.EMERGENCY);

        toPostgres.cut();
        toPostgres.mend();

        awaitLevel(Level.NORMAL);
    }

    @Test
    void isDegradedWhileRedisIsAway() {
        startOn(TestServices.freshDatabase());
        toRedis.cut();
        awaitLevel(Level.DEGRADED);
        Answer away = ready();

        toRedis.mend();
        awaitLevel(Level.NORMAL);

        assertThat(away.status()).isEqualTo(200);
        assertThat(away.level()).isEqualTo("degraded; reasons=\"redis\"");
    }

    @Test
    void keepsTheGravestLevelThatIsAskedForAndNamesEveryReason() {
        startOn(TestServices.freshDatabase());
        toRedis.cut();
        toPostgres.cut();
        Await.until("both are missed", () -> degradation().reasons().size() == 2);

        assertThat(degradation().header()).isEqualTo("emergency; reasons=\"postgres, redis\"");
        toRedis.mend();
        toPostgres.mend();
    }

    @Test
    void takesWhatComesAndGoesAsGone() {
        startOn(TestServices.freshDatabase());
        AtomicInteger looks = new AtomicInteger();
        degradation().watch("fickle", Level.MINIMAL, () -> looks.incrementAndGet() % 3 != 1);
        awaitLevel(Level.MINIMAL);
        int first = looks.get();

        Await.until(
                "it has come and gone",
                () -> looks.get() > first + 7 || degradation().level() != Level.MINIMAL);

        assertThat(degradation().level()).isEqualTo(Level.MINIMAL);
    }

    private EmbeddedPostgres startPostgres() {
        return EmbeddedPostgres.start(data, Programs.cachedOr(data), "of-this-test");
    }

    private Degradation degradation() {
        return test.node().degradation();
    }

    private void awaitLevel(Level level) {
        Await.until("the level is " + level.word(), () -> degradation().level() == level);
    }

    private Answer ready() {
        HttpClient asking = vertx.createHttpClient();
        return Await.result(asking.request(HttpMethod.GET, test.node().http().port(), "127.0.0.1", "/readyz")
                .compose(request -> request.send()
                        .compose(response -> response.body()
                                .map(body -> new Answer(
                                        response.statusCode(),
                                        response.getHeader(Degradation.HEADER),
                                        body.toJsonObject()))))
                .eventually(asking::close));
    }
}
