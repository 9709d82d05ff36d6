package ai.materi.platform.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.http.Readiness;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BootTest {
    private static TestNode test;

    @TempDir
    Path data;

    @BeforeAll
    static void start() {
        test = TestNode.start(Map.of()).open();
    }

    @AfterAll
    static void end() {
        test.close();
    }

    @Test
    void isReadyAndNamesItsDependencies() {
        JsonObject answer = get(test.node(), test.node().http().port(), "/readyz", 200);

        assertThat(answer.getString("status")).isEqualTo("ready");
        assertThat(answer.getJsonObject("dependencies").getMap())
                .containsEntry("postgres", "up")
                .containsEntry("redis", "up");
    }

    @Test
    void saysWhereTheTimeOfItsStartWent() {
        assertThat(test.boot().report().toString())
                .matches("ready in \\d+ ms: .*postgres client \\d+.*migrations \\d+.*open \\d+");
    }

    @Test
    void bringsAFactToTheEventStore() {
        Node node = test.node();
        Event event = Event.newBuilder()
                .setType("materi.document.created")
                .setSource("test")
                .setSubject("doc")
                .build();

        Await.result(node.postgres()
                .as("materi_events")
                .transaction(connection -> node.outbox().append(connection, Outbox.Topic.DOCUMENTS, event)));

        Await.until(
                "the fact is kept",
                () -> Await.result(node.postgres()
                                .as("materi_events")
                                .client()
                                .query("SELECT count(*)::int AS n FROM events.store WHERE subject = 'doc'")
                                .execute()
                                .map(rows -> rows.iterator().next().getInteger("n")))
                        == 1);
    }

    @Test
    void refusesASecondNodeOnTheSameDataFolder() {
        assertThatThrownBy(() -> Boot.start(test.settings()))
                .isInstanceOf(BootException.class)
                .hasMessageContaining(
                        "is in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void namesTheDatabaseThatItCannotReachAndLeavesNothingBehind() {
        Map<String, String> settings = Map.of(
                "postgres.url", "postgres://owner:hidden@127.0.0.1:1/materi",
                "redis.url", test.redisUrl(),
                "http.port", "0",
                "grpc.port", "0",
                "operator.port", "0");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> Boot.start(TestSettings.with(data, settings)))
                    .isInstanceOf(BootException.class)
                    .hasMessageContaining("DATABASE_URL: 127.0.0.1:1/materi cannot be used")
                    .hasMessageNotContaining("hidden");
        }
    }

    @Test
    void namesAPortThatIsTakenBeforeItStartsAnything() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> Boot.start(TestSettings.with(data, Map.of("operator.port", String.valueOf(port)))))
                    .isInstanceOf(BootException.class)
                    .hasMessage("Port " + port + " on 127.0.0.1 is taken: stop what listens there, or use"
                            + " --operator-port or MATERI_OPERATOR_PORT");
            assertThat(data).isEmptyDirectory();
        }
    }

    @Test
    void namesAPortThatWasTakenWhileItStarted() throws Exception {
        int port = FreePorts.one();
        try (TestNode second = test.sibling(Map.of("http.port", String.valueOf(port)));
                ServerSocket taken = new ServerSocket(port)) {
            assertThat(Await.failure(second.boot().open()))
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1 is taken");
        }
    }

    @Test
    void bootsWithServicesOfItsOwnAndAgainOnTheSameFolder() {
        Map<String, String> ports = Map.of("http.port", "0", "grpc.port", "0", "operator.port", "0");
        for (int start = 0; start < 2; start++) {
            Boot boot = Boot.start(TestSettings.with(data, ports));
            Await.result(boot.open());
            assertThat(get(boot.node(), boot.node().http().port(), "/readyz", 200)
                            .getString("status"))
                    .isEqualTo("ready");
            boot.close();
        }
    }

    @Test
    void worksAgainAfterItsOwnServicesWereKilled() throws Exception {
        Map<String, String> ports = Map.of("http.port", "0", "grpc.port", "0", "operator.port", "0");
        Boot boot = Boot.start(TestSettings.with(data, ports));
        Await.result(boot.open());
        long postgres = pid(data.resolve("postgres/postmaster.pid"));
        long redis = pid(data.resolve("redis/redis.pid"));

        ProcessHandle.of(postgres).orElseThrow().destroyForcibly();
        ProcessHandle.of(redis).orElseThrow().destroyForcibly();

        Await.until(
                "both are others",
                () -> pid(data.resolve("postgres/postmaster.pid")) != postgres
                        && pid(data.resolve("redis/redis.pid")) != redis);
        Await.until("the node works with them", () -> works(boot.node()));
        boot.close();
    }

    @Test
    void drainsReadinessFirstThenDismissesThenFlushes() {
        List<String> order = new CopyOnWriteArrayList<>();
        TestNode node = test.sibling(Map.of()).open();
        Drain drain = node.node().drain();
        int port = node.node().http().port();
        drain.register(Drain.Phase.FLUSH, "flush", () -> step(order, "flush"));
        drain.register(Drain.Phase.DISMISS, "dismiss", () -> {
            assertThat(drain.draining()).isTrue();
            return get(node.node(), "/readyz", port).map(status -> {
                order.add("dismiss while readyz is " + status);
                return null;
            });
        });

        node.close();

        assertThat(order).containsExactly("dismiss while readyz is 503", "flush");
    }

    @Test
    void cutsAStepShortThatTakesTooLong() {
        List<String> order = new CopyOnWriteArrayList<>();
        TestNode node = test.sibling(Map.of("drain.timeout", "2s"));
        node.node()
                .drain()
                .register(
                        Drain.Phase.DISMISS,
                        "stuck",
                        () -> Promise.<Void>promise().future());
        node.node().drain().register(Drain.Phase.DISMISS, "broken", () -> {
            throw new IllegalStateException("broken on purpose");
        });
        node.node().drain().register(Drain.Phase.FLUSH, "flush", () -> step(order, "flush"));
        long begin = System.nanoTime();

        node.close();

        assertThat(order).containsExactly("flush");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void namesTheDependencyThatDoesNotAnswer() {
        Health health = new Health();
        health.register("well", Future::succeededFuture);
        health.register("broken", () -> Future.failedFuture("on purpose"));
        health.register("thrown", () -> {
            throw new IllegalStateException("thrown");
        });
        health.register("silent", () -> Promise.<Void>promise().future());

        var readiness = Await.result(health.check());

        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.dependencies())
                .containsEntry("well", "up")
                .containsEntry("broken", "on purpose")
                .containsEntry("thrown", "thrown")
                .containsEntry("silent", "no answer within 2 s");
    }

    @Test
    void staysReadyWithoutAnOptionalDependency() {
        Health health = new Health();
        health.registerOptional("redis", () -> Future.failedFuture("away"));

        var readiness = Await.result(health.check());

        assertThat(readiness.ready()).isTrue();
        assertThat(readiness.dependencies()).containsEntry("redis", "away");
    }

    @Test
    void refusesWorkBeyondTheBoundOfAPool() throws Exception {
        Workers.Pool pool = test.node().workers().pool("bounded", 1, 1, Duration.ofSeconds(30));
        CountDownLatch latch = new CountDownLatch(1);
        List<Future<Boolean>> tasks = new ArrayList<>();
        IntStream.range(0, 3)
                .forEach(i -> tasks.add(pool.run(() -> {
                    latch.await();
                    return true;
                })));

        assertThat(Await.failure(tasks.get(2)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.OVERLOADED));
        latch.countDown();
        assertThat(Await.result(tasks.get(1))).isTrue();
        assertThat(Await.result(pool.run(() -> true))).isTrue();
    }

    @Test
    void beginsWithoutACall() {
        assertThat(CallContext.current().principal()).isNull();
    }

    /** In the first line of the file; 0 while there is none. */
    private static long pid(Path file) {
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).strip());
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private static boolean works(Node node) {
        return Await.result(node.health().check().map(Readiness::ready))
                && node.redis().available()
                && Await.result(node.postgres()
                        .as("materi_events")
                        .client()
                        .query("SELECT 1")
                        .execute()
                        .map(rows -> true)
                        .otherwise(false));
    }

    private static Future<Void> step(List<String> order, String name) {
        order.add(name);
        return Future.succeededFuture();
    }

    private static JsonObject get(Node node, int port, String path, int status) {
        HttpClient asking = node.vertx().createHttpClient();
        return Await.result(asking.request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> request.send().compose(response -> {
                    assertThat(response.statusCode()).isEqualTo(status);
                    return response.body().map(Buffer::toJsonObject);
                }))
                .eventually(asking::close));
    }

    private static Future<Integer> get(Node node, String path, int port) {
        HttpClient asking = node.vertx().createHttpClient();
        return asking.request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> request.send())
                .map(response -> response.statusCode())
                .eventually(asking::close);
    }
}
