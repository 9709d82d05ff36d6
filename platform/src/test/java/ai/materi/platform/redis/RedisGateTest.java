package ai.materi.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Cable;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedisGateTest {
    private static Vertx vertx;

    @TempDir
    Path data;

    private final List<RedisGate> gates = new CopyOnWriteArrayList<>();
    private String direct;
    private Cable cable;
    private RedisGate gate;

    @BeforeAll
    static void createVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void connect() {
        direct = TestServices.freshKeySpace();
        cable = Cable.to(vertx, direct);
        gate = start(throughCable(), Map.of());
    }

    @AfterEach
    void disconnect() {
        gates.forEach(RedisGate::close);
        cable.cut();
    }

    @Test
    void answersARequest() {
        Await.result(gate.send(set("a", "1")));

        assertThat(Await.result(gate.send(get("a"))).toString()).isEqualTo("1");
        assertThat(Await.result(gate.send(get("b")))).isNull();
    }

    @Test
    void answersOnTheContextOfTheCaller() {
        Context context = vertx.getOrCreateContext();
        Promise<Context> answeredOn = Promise.promise();

        context.runOnContext(
                go -> gate.send(get("a")).onComplete(answer -> answeredOn.complete(Vertx.currentContext())));

        assertThat(Await.result(answeredOn.future())).isSameAs(context);
    }

    @Test
    void subscribesForACallerWithoutAContextWhileWhatIsSentIsTraced() {
        List<Context> contexts = new CopyOnWriteArrayList<>();
        Vertx traced = Vertx.builder()
                .with(new VertxOptions().setTracingOptions(new TracingOptions()))
                .withTracer(options -> new VertxTracer<>() {
                    @Override
                    public <R> Object sendRequest(
                            Context context,
                            SpanKind kind,
                            TracingPolicy policy,
                            R request,
                            String operation,
                            BiConsumer<String, String> headers,
                            TagExtractor<R> tags) {
                        contexts.add(Objects.requireNonNull(context));
                        return operation;
                    }
                })
                .build();
        try {
            RedisGate own = start(traced, direct, Map.of());
            Await.result(own.subscribe("first", message -> {}, () -> {}));
            Await.result(own.subscribe("second", message -> {}, () -> {}));
            own.close();
        } finally {
            Await.result(traced.close());
        }

        assertThat(contexts).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void answersABatchInOrderThatIsLargerThanTheQueueOfTheClient() {
        RedisGate narrow = start(direct, Map.of("redis.max_waiting", "1024"));
        List<Request> requests = IntStream.range(0, 5000)
                .mapToObj(i -> Request.cmd(Command.ECHO).arg("n" + i))
                .toList();

        List<Response> answers = Await.result(narrow.batch(requests));

        assertThat(answers).hasSize(5000);
        assertThat(answers.get(4999).toString()).isEqualTo("n4999");
    }

    @Test
    void passesAnErrorThatAnswersTheCommandOnAsItIs() {
        Await.result(gate.send(set("a", "text")));

        Throwable failure = Await.failure(gate.send(Request.cmd(Command.INCR).arg("a")));

        assertThat(failure).isNotInstanceOf(Problem.class).hasMessageContaining("not an integer");
        assertThat(gate.available()).isTrue();
    }

    @Test
    void failsAtOnceWhileRedisIsAwayAndWorksAgainWhenItIsBack() {
        Await.result(gate.send(set("a", "1")));
        cable.cut();
        Await.until("the circuit opens", () -> {
            assertUnavailable(gate.send(get("a")));
            return !gate.available();
        });
        assertUnavailable(gate.send(get("a")));

        cable.mend();
        Await.until("the circuit closes", gate::available);

        assertThat(Await.result(gate.send(get("a"))).toString()).isEqualTo("1");
    }

    @Test
    void saysUnavailableWhenRedisDoesNotAnswerInTime() {
        RedisGate hasty = start(throughCable(), Map.of("redis.timeout", "100ms"));
        cable.freeze();

        assertUnavailable(hasty.send(get("a")));
        Await.until("the circuit opens without further calls", () -> !hasty.available());
    }

    @Test
    void connectsAnewAfterALineThatWentSilent() {
        RedisGate hasty = start(throughCable(), Map.of("redis.timeout", "100ms", "redis.breaker_reset", "50ms"));
        cable.freeze();
        Await.until("the circuit opens", () -> !hasty.available());

        cable.cut();
        cable.mend();

        Await.until(
                "a command goes through again",
                () -> Await.result(hasty.send(set("a", "1")).map(true).otherwise(false)));
    }

    @Test
    void connectsNoMoreOnceItIsClosed() {
        Await.result(gate.send(set("a", "1")));
        Await.until("the lines are made", () -> cable.connections() > 0);

        Await.result(gate.close());

        assertUnavailable(gate.send(get("a")));
        Await.until("every line has ended", () -> cable.connections() == 0);
    }

    @Test
    void startsWithoutARedisThatIsAway() {
        cable.cut();
        RedisGate late = start(throughCable(), Map.of("redis.breaker_reset", "50ms"));
        assertThat(late.available()).isFalse();

        cable.mend();

        Await.until("the circuit closes", late::available);
    }

    @Test
    void refusesAWrongPassword() {
        String wrong = direct.replaceFirst("://[^@]*@", "://:wrong@");

        assertThat(Await.failure(RedisGate.start(vertx, settings(Map.of()), wrong, new SimpleMeterRegistry())))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("REDIS_URL: Redis refuses: WRONGPASS");
    }

    @Test
    void deliversMessagesAndTellsOfTheGapAfterEveryReconnection() {
        List<String> heard = new CopyOnWriteArrayList<>();
        AtomicInteger gaps = new AtomicInteger();
        String channel = "news-" + direct.hashCode();
        Await.result(gate.subscribe(channel, heard::add, gaps::incrementAndGet));
        RedisGate publisher = start(direct, Map.of());

        Await.result(publisher.send(publish(channel, "one")));
        Await.until("the first message", () -> heard.contains("one"));
        assertThat(gaps).hasValue(0);

        cable.cut();
        Await.result(publisher.send(publish(channel, "missed")));
        cable.mend();
        Await.until("the gap is told", () -> gaps.get() >= 1);

        Await.result(publisher.send(publish(channel, "two")));
        Await.until("the second message", () -> heard.contains("two"));
        assertThat(heard).containsExactly("one", "two");
    }

    @Test
    void beginsWithAGapWhenItSubscribesWhileRedisIsAway() {
        AtomicInteger gaps = new AtomicInteger();
        cable.cut();
        RedisGate late = start(throughCable(), Map.of());

        Await.result(late.subscribe("late", message -> {}, gaps::incrementAndGet));
        assertThat(gaps).hasValue(0);
        cable.mend();

        Await.until("the gap is told", () -> gaps.get() >= 1);
    }

    @Test
    void tellsEverySubscriberOfAChannelEvenWhenOneOfThemFails() {
        List<String> heard = new CopyOnWriteArrayList<>();
        String channel = "shared-" + direct.hashCode();
        Await.result(gate.subscribe(
                channel,
                message -> {
                    throw new IllegalStateException("a subscriber that fails on purpose");
                },
                () -> {}));
        Await.result(gate.subscribe(channel, heard::add, () -> {}));

        Await.result(gate.send(publish(channel, "news")));

        Await.until("the message", () -> heard.contains("news"));
    }

    private RedisGate start(String url, Map<String, String> overrides) {
        return start(vertx, url, overrides);
    }

    private RedisGate start(Vertx on, String url, Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(Map.of("redis.breaker_reset", "100ms"));
        values.putAll(overrides);
        RedisGate started = Await.result(RedisGate.start(on, settings(values), url, new SimpleMeterRegistry()));
        gates.add(started);
        return started;
    }

    private ai.materi.platform.config.Settings settings(Map<String, String> values) {
        return TestSettings.with(data, values).section("redis");
    }

    private String throughCable() {
        return cable.through(direct);
    }

    private static void assertUnavailable(Future<?> future) {
        assertThat(Await.failure(future))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE));
    }

    private static Request set(String key, String value) {
        return Request.cmd(Command.SET).arg(key).arg(value);
    }

    private static Request get(String key) {
        return Request.cmd(Command.GET).arg(key);
    }

    private static Request publish(String channel, String message) {
        return Request.cmd(Command.PUBLISH).arg(channel).arg(message);
    }
}
