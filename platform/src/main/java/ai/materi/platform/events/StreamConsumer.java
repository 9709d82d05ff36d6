package ai.materi.platform.events;

import ai.materi.platform.config.Settings;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.redis.RedisGate;
import ai.materi.platform.resilience.Retry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a consumer group: gives each fact its effect once, by its id, and acknowledges it after the commit. What
 * fails is tried again a bounded number of times, alone; what fails for good lands in {@code materi:events:dead} with its
 * cause. While PostgreSQL or Redis is away nothing is given up: the facts wait. What a member that died had been given is
 * taken over by the others.
 */
public final class StreamConsumer {
    /**
     * Who this consumer is.
     *
     * @param group e.g. {@code event-store}
     * @param member unique to this start of this node: its node id
     * @param claimAfter how long an entry may lie with a member before it is taken over; longer than any effect takes
     */
    public record Membership(String group, String member, List<Outbox.Topic> topics, Duration claimAfter) {}

    private static final Logger LOG = LoggerFactory.getLogger(StreamConsumer.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final ConsumerGroup group;
    private final Membership membership;
    private final EventSettings settings;
    private final Effect effect;
    private final boolean notes;
    private final Retry retry;
    private final Counter handled;
    private final Counter dead;
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean stopped;
    /** Nothing is wrong with these but that something was away: they are tried again before anything else is read. */
    private List<StreamEntry> held = List.of();

    private boolean troubled;
    private long claimAt;
    private long sweepAt;

    private StreamConsumer(
            Vertx vertx,
            Database database,
            RedisGate redis,
            EventSettings settings,
            Membership membership,
            Effect effect,
            boolean notes,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.database = database;
        this.group = new ConsumerGroup(
                redis, membership.group(), membership.member(), membership.topics(), settings.deadRetention());
        this.membership = membership;
        this.settings = settings;
        this.effect = effect;
        this.notes = notes;
        this.retry = new Retry(settings.maxAttempts(), Duration.ofMillis(50), Duration.ofSeconds(1));
        this.handled = Counter.builder("materi.events.handled")
                .description("Deliveries acknowledged, repeated ones included")
                .tag("group", membership.group())
                .register(meters);
        this.dead = Counter.builder("materi.events.dead")
                .description("Dead letters")
                .tag("group", membership.group())
                .register(meters);
    }

    /**
     * A consumer that reads nothing before it is started.
     *
     * @param database as a role that may use {@code events.handled} and whatever the effect uses
     */
    public static StreamConsumer create(
            Vertx vertx,
            Database database,
            RedisGate redis,
            Settings events,
            Membership membership,
            Effect effect,
            MeterRegistry meters) {
        Effect once = Handled.once(membership.group(), effect);
        return new StreamConsumer(vertx, database, redis, EventSettings.of(events), membership, once, true, meters);
    }

    /** The same for an effect that is not felt a second time; no note is kept of its facts, and none is needed to be allowed. */
    public static StreamConsumer repeatable(
            Vertx vertx,
            Database database,
            RedisGate redis,
            Settings events,
            Membership membership,
            Effect effect,
            MeterRegistry meters) {
        return new StreamConsumer(vertx, database, redis, EventSettings.of(events), membership, effect, false, meters);
    }

    public void start() {
        context.runOnContext(v -> next());
    }

    /** Ends after the facts that are being handled; the rest is another member's. */
    public Future<Void> stop() {
        stopped = true;
        return ended.future();
    }

    /**
     * One turn: take over what others left, read what is new, handle it; then the next turn, at once after a full batch, else
     * after a pause, in which a batch gathers: what facts cost is mostly the turns.
     */
    private void next() {
        if (stopped) {
            ended.tryComplete();
            return;
        }
        turn().onSuccess(count -> {
                    troubled = false;
                    again(count < settings.batch() ? settings.poll() : Duration.ofMillis(1));
                })
                .onFailure(this::pause);
    }

    private void again(Duration delay) {
        vertx.setTimer(Math.max(1, delay.toMillis()), t -> next());
    }

    private void pause(Throwable failure) {
        if (!troubled) {
            LOG.warn("The consumer group {} waits: {}", membership.group(), failure.getMessage());
        }
        troubled = true;
        claimAt = 0;
        again(PAUSE);
    }

    private Future<Integer> turn() {
        if (!held.isEmpty()) {
            return handle(held);
        }
        return housekeeping().compose(v -> group.read(settings.batch())).compose(this::handle);
    }

    /** Also makes the groups: a Redis that lost its data has lost them too. */
    private Future<Void> housekeeping() {
        long now = System.currentTimeMillis();
        if (now < claimAt) {
            return Future.succeededFuture();
        }
        return group.create()
                .compose(v -> eachTopic(this::takeOver))
                .compose(v -> now < sweepAt ? Future.succeededFuture() : sweep(now))
                .onSuccess(v -> claimAt = now + membership.claimAfter().toMillis() / 2);
    }

    private Future<Void> sweep(long now) {
        return eachTopic(group::forgetOthers)
                .compose(v -> notes ? Handled.sweep(database) : Future.succeededFuture())
                .onSuccess(v -> sweepAt = now + SWEEP_EVERY.toMillis());
    }

    private Future<Void> eachTopic(java.util.function.Function<Outbox.Topic, Future<Void>> step) {
        Future<Void> chain = Future.succeededFuture();
        for (Outbox.Topic topic : group.topics()) {
            chain = chain.compose(v -> step.apply(topic));
        }
        return chain;
    }

    private Future<Void> takeOver(Outbox.Topic topic) {
        return group.claim(topic, membership.claimAfter(), settings.batch())
                .compose(claimed -> claimed.isEmpty()
                        ? Future.succeededFuture()
                        : group.deliveries(topic, settings.batch()).compose(times -> handleClaimed(claimed, times)));
    }

    /** An entry that was given out too often without an acknowledgement ends its consumers: it must not end this one. */
    private Future<Void> handleClaimed(List<StreamEntry> claimed, Map<String, Integer> times) {
        List<StreamEntry> fit = new ArrayList<>();
        Future<Void> chain = Future.succeededFuture();
        for (StreamEntry entry : claimed) {
            int given = times.getOrDefault(entry.id(), 1);
            if (given > settings.maxAttempts()) {
                chain = chain.compose(v -> bury(entry, "given out " + given + " times and never acknowledged"));
            } else {
                fit.add(entry);
            }
        }
        return chain.compose(v -> handle(fit)).mapEmpty();
    }

    private Future<Integer> handle(List<StreamEntry> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture(0);
        }
        List<Delivery> deliveries = entries.stream().map(Delivery::of).toList();
        List<Delivery.Legible> legible = Delivery.legible(deliveries);
        return apply(legible)
                .recover(failure -> isAway(failure) ? Future.failedFuture(failure) : oneByOne(legible))
                .compose(v -> buryIllegible(deliveries))
                .onSuccess(v -> held = List.of())
                .onFailure(failure -> held = entries)
                .map(v -> entries.size());
    }

    private Future<Void> apply(List<Delivery.Legible> deliveries) {
        if (deliveries.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Fact> facts = deliveries.stream().map(Delivery.Legible::fact).toList();
        return database.transaction(transaction -> effect.apply(transaction, facts))
                .compose(v -> group.acknowledge(
                        deliveries.stream().map(Delivery.Legible::entry).toList()))
                .onSuccess(v -> handled.increment(deliveries.size()));
    }

    private Future<Void> oneByOne(List<Delivery.Legible> deliveries) {
        Future<Void> chain = Future.succeededFuture();
        for (Delivery.Legible delivery : deliveries) {
            chain = chain.compose(v -> alone(delivery));
        }
        return chain;
    }

    private Future<Void> alone(Delivery.Legible delivery) {
        return retry.run(vertx, () -> apply(List.of(delivery)), failure -> !isAway(failure))
                .recover(failure -> isAway(failure)
                        ? Future.failedFuture(failure)
                        : bury(delivery.entry(), String.valueOf(failure.getMessage())));
    }

    private Future<Void> buryIllegible(List<Delivery> deliveries) {
        Future<Void> chain = Future.succeededFuture();
        for (Delivery delivery : deliveries) {
            if (delivery instanceof Delivery.Illegible illegible) {
                chain = chain.compose(v -> bury(illegible.entry(), illegible.cause()));
            }
        }
        return chain;
    }

    private Future<Void> bury(StreamEntry entry, String cause) {
        LOG.warn("Dead letter {} of {}: {}", entry.id(), entry.topic().stream(), cause);
        dead.increment();
        return group.bury(entry, cause);
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof Problem problem
                && (problem.code() == ProblemCode.UNAVAILABLE
                        || problem.code() == ProblemCode.OVERLOADED
                        || problem.code() == ProblemCode.TIMED_OUT);
    }
}
