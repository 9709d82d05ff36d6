package ai.materi.platform.redis;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis of this node, embedded or named by REDIS_URL: a few pipelined connections behind a circuit breaker, with a time
 * limit a call. Answers come back on the caller's Vert.x context. When calls have failed in a row, further ones fail at once
 * until a PING, sent every {@code redis.breaker_reset}, is answered. Only commands of Redis 6.2 are to be used.
 */
public final class RedisGate {
    private static final Logger LOG = LoggerFactory.getLogger(RedisGate.class);

    /** Requests written at once; the rest of a batch waits for the answers. */
    private static final int CHUNK = 512;

    private static final int MAX_BATCH = 100_000;

    private final VertxInternal vertx;
    private final RedisSettings settings;
    private final List<Lane> lanes;
    private final AtomicInteger next = new AtomicInteger();
    private final Subscriptions subscriptions;
    private final Circuit circuit;
    private final Timer timer;
    private final long trials;

    private RedisGate(VertxInternal vertx, RedisSettings settings, String url, MeterRegistry meters) {
        this.vertx = vertx;
        this.settings = settings;
        Supplier<Redis> clients = () -> client(vertx, settings, url);
        this.lanes = Stream.generate(() -> new Lane(vertx.createEventLoopContext(), clients, () -> {}))
                .limit(settings.connections())
                .toList();
        this.subscriptions = new Subscriptions(vertx, vertx.createEventLoopContext(), clients);
        this.circuit = new Circuit(settings.breakerFailures());
        this.timer = Timer.builder("materi.redis")
                .description("Time from asking Redis to its answer, a batch counted once")
                .register(meters);
        Gauge.builder("materi.redis.available", this, gate -> gate.available() ? 1 : 0)
                .description("0 while the circuit of Redis is open")
                .register(meters);
        this.trials = vertx.setPeriodic(settings.breakerReset().toMillis(), timerId -> tryOut());
    }

    /**
     * Connects. A Redis that cannot be reached does not keep a node from starting; one that refuses the password does.
     *
     * @param settings the section {@code redis}
     * @param url {@code redis://[user]:password@host:port[/database]}, {@code rediss} for TLS
     */
    public static Future<RedisGate> start(Vertx vertx, Settings settings, String url, MeterRegistry meters) {
        RedisGate gate = new RedisGate((VertxInternal) vertx, RedisSettings.of(settings), url, meters);
        return gate.call(lane -> lane.send(Request.cmd(Command.PING)))
                .map(gate)
                .recover(failure -> gate.begunWithout(failure));
    }

    private Future<RedisGate> begunWithout(Throwable failure) {
        if (!RedisFailure.isAway(failure)) {
            return close().transform(closed ->
                    Future.failedFuture(new ConfigException("REDIS_URL: Redis refuses: " + failure.getMessage())));
        }
        circuit.trip();
        LOG.warn("Redis cannot be reached; starting without it");
        return Future.succeededFuture(this);
    }

    private static Redis client(Vertx vertx, RedisSettings settings, String url) {
        try {
            return Redis.createClient(
                    vertx,
                    new RedisOptions()
                            .setConnectionString(url)
                            .setMaxPoolSize(1)
                            .setMaxWaitingHandlers(settings.maxWaiting())
                            .setNetClientOptions(new NetClientOptions()
                                    .setTcpKeepAlive(true)
                                    .setTcpNoDelay(true)
                                    .setConnectTimeout(
                                            Math.toIntExact(settings.timeout().toMillis()))));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("REDIS_URL: is not of the form redis://:password@host:port/0");
        }
    }

    /** Fails with {@code unavailable} at once when Redis is known to be away. A missing value is a null response. */
    public Future<Response> send(Request request) {
        return guarded(connection -> connection.send(request));
    }

    /** In one round trip; chunked so that the client's queue is never overrun. Fails when one of the requests does. */
    public Future<List<Response>> batch(List<Request> requests) {
        if (requests.size() > MAX_BATCH) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.OVERLOADED, "A batch is " + MAX_BATCH + " requests at most."));
        }
        return guarded(connection -> chunk(connection, requests, 0, new ArrayList<>(requests.size())));
    }

    private static Future<List<Response>> chunk(
            RedisConnection connection, List<Request> requests, int from, List<Response> answers) {
        if (from == requests.size()) {
            return Future.succeededFuture(answers);
        }
        int to = Math.min(from + CHUNK, requests.size());
        return connection.batch(requests.subList(from, to)).compose(some -> {
            answers.addAll(some);
            return chunk(connection, requests, to, answers);
        });
    }

    /**
     * Resubscribes after every reconnection and calls {@code onGap} then, since messages may have been missed. Succeeds
     * when Redis has confirmed, or at once when Redis is away: the subscription then begins with a gap. Both callbacks run
     * on the event loop of the subscribing connection.
     */
    public Future<Void> subscribe(String channel, Consumer<String> message, Runnable onGap) {
        return subscriptions.add(channel, message, onGap);
    }

    public boolean available() {
        return !circuit.open();
    }

    /** Whether Redis answers now, past the circuit. */
    public Future<Void> ping() {
        return call(connection -> connection.send(Request.cmd(Command.PING)))
                .recover(failure -> Future.failedFuture(RedisFailure.of(failure)))
                .mapEmpty();
    }

    public Future<Void> close() {
        vertx.cancelTimer(trials);
        List<Future<Void>> closing = new ArrayList<>();
        closing.add(subscriptions.close());
        lanes.forEach(lane -> closing.add(lane.close()));
        return Future.join(closing).mapEmpty();
    }

    private <T> Future<T> guarded(Function<RedisConnection, Future<T>> use) {
        return circuit.open() ? Future.failedFuture(RedisFailure.away()) : measured(call(use));
    }

    private <T> Future<T> measured(Future<T> asked) {
        long begin = System.nanoTime();
        return asked.transform(answer -> {
            timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            return answer.succeeded() ? asked : Future.failedFuture(RedisFailure.of(answer.cause()));
        });
    }

    private <T> Future<T> call(Function<RedisConnection, Future<T>> use) {
        Lane lane = lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size()));
        Promise<T> promise = vertx.promise();
        lane.connection().compose(use).onComplete(promise);
        return promise.future()
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(answer -> judge(answer.cause()));
    }

    private void judge(@Nullable Throwable failure) {
        if (failure == null) {
            circuit.succeeded();
        } else if (RedisFailure.isAway(failure) && circuit.failed()) {
            LOG.warn("Redis is away: {}", failure.getMessage());
            cut();
        }
    }

    /** Connections may be half open: new ones are made for the trials. */
    private void cut() {
        lanes.forEach(Lane::cut);
        subscriptions.cut();
    }

    private void tryOut() {
        boolean wasAway = circuit.open();
        call(connection -> connection.send(Request.cmd(Command.PING))).onSuccess(pong -> {
            if (wasAway) {
                LOG.info("Redis is back");
            }
        });
    }
}
