package ai.materi.platform.events;

import ai.materi.platform.config.Settings;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.redis.RedisGate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves facts from the outbox to their streams, in the order in which they were appended, at least once. Every node has a
 * relay; an advisory lock in the transaction that moves a batch lets one at a time work. Rows are deleted in that same
 * transaction after Redis has taken them: a crash between the two sends them again, which consumers bear.
 *
 * <p>There is no watermark: a row whose transaction commits late is found by a later look, whatever its number.
 */
public final class OutboxRelay {
    /** The role of the relay, the consumers and the store. */
    public static final String ROLE = "materi_events";

    private static final String LOCK = "select pg_try_advisory_xact_lock(7305140915221301021) as mine";
    private static final String NEXT =
            "select id, event_id, topic, payload, created_at from events.outbox order by id limit $1";
    private static final String SENT = "delete from events.outbox where id = any($1)";

    /** An append is nudged for before its commit: looking a little later finds it committed, and others with it. */
    private static final long NUDGE_MILLIS = 10;

    /** While facts keep coming, a batch gathers between two looks: what moving costs is mostly the look. */
    private static final long GATHER_MILLIS = 50;

    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final RedisGate redis;
    private final EventSettings settings;
    private final Counter moved;
    private final Counter failures;
    private final AtomicBoolean nudged = new AtomicBoolean();
    private volatile double lagSeconds;
    private int failedInARow;
    private long timer = -1;
    private long nudgePause = NUDGE_MILLIS;
    private boolean moving;
    private boolean stopped;
    private Future<Void> current = Future.succeededFuture();

    private OutboxRelay(Vertx vertx, Database database, RedisGate redis, EventSettings settings, MeterRegistry meters) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.database = database;
        this.redis = redis;
        this.settings = settings;
        this.moved = Counter.builder("materi.outbox.moved")
                .description("Events moved to their streams")
                .register(meters);
        this.failures = Counter.builder("materi.outbox.failures")
                .description("Batches that could not be moved and stay in the outbox")
                .register(meters);
        Gauge.builder("materi.outbox.lag", () -> lagSeconds)
                .description("Age of the oldest event that this relay found waiting")
                .baseUnit("seconds")
                .register(meters);
    }

    /**
     * A relay that moves nothing before it is started.
     *
     * @param database as the role {@value #ROLE}, after the schema {@code events} has been migrated
     */
    public static OutboxRelay create(
            Vertx vertx, Database database, RedisGate redis, Settings events, Outbox outbox, MeterRegistry meters) {
        OutboxRelay relay = new OutboxRelay(vertx, database, redis, EventSettings.of(events), meters);
        outbox.onAppend(relay::nudge);
        return relay;
    }

    public void start() {
        context.runOnContext(v -> moveNow());
    }

    /** Looks soon instead of at the next poll. Told once of many: waking the relay costs more than what it is told. */
    public void nudge() {
        if (nudged.compareAndSet(false, true)) {
            context.runOnContext(v -> {
                nudged.set(true); // a look that began meanwhile took this nudge for one before it
                schedule(nudgePause);
            });
        }
    }

    /** Ends after the batch that is under way. */
    public Future<Void> stop() {
        return Future.future(stopping -> context.runOnContext(v -> {
            stopped = true;
            vertx.cancelTimer(timer);
            current.onComplete(stopping);
        }));
    }

    private void schedule(long millis) {
        if (!stopped && !moving) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(Math.max(1, millis), t -> moveNow());
        }
    }

    private void moveNow() {
        if (moving || stopped) {
            return;
        }
        moving = true;
        nudged.set(false);
        current = database.transaction(this::moveBatch)
                .onSuccess(this::succeeded)
                .onFailure(this::failed)
                .transform(done -> Future.succeededFuture());
    }

    private void succeeded(int count) {
        moving = false;
        failedInARow = 0;
        nudgePause = count == 0 ? NUDGE_MILLIS : GATHER_MILLIS;
        moved.increment(count);
        if (count == settings.batch()) {
            schedule(1);
        } else {
            schedule(nudged.get() ? nudgePause : settings.poll().toMillis());
        }
    }

    private void failed(Throwable failure) {
        moving = false;
        failures.increment();
        if (failedInARow++ == 0) {
            LOG.warn("Events stay in the outbox for now: {}", failure.getMessage());
        }
        long pause = settings.poll().toMillis() << Math.min(failedInARow, 6);
        schedule(Math.min(pause, MAX_PAUSE.toMillis()));
    }

    private Future<Integer> moveBatch(SqlConnection transaction) {
        return transaction.query(LOCK).execute().compose(answer -> {
            boolean mine = answer.iterator().next().getBoolean("mine");
            return mine ? moveLocked(transaction) : Future.succeededFuture(0);
        });
    }

    private Future<Integer> moveLocked(SqlConnection transaction) {
        return transaction
                .preparedQuery(NEXT)
                .execute(Tuple.of(settings.batch()))
                .compose(rows -> rows.size() == 0 ? caughtUp() : send(transaction, rows));
    }

    private Future<Integer> caughtUp() {
        lagSeconds = 0;
        return Future.succeededFuture(0);
    }

    private Future<Integer> send(SqlConnection transaction, RowSet<Row> rows) {
        List<Request> requests = new ArrayList<>(rows.size());
        rows.forEach(row -> requests.add(entry(row)));
        lagSeconds = age(rows.iterator().next());
        Long[] ids = StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getLong("id"))
                .toArray(Long[]::new);
        return redis.batch(requests)
                .compose(added ->
                        transaction.preparedQuery(SENT).execute(Tuple.tuple().addArrayOfLong(ids)))
                .map(deleted -> ids.length);
    }

    private static double age(Row oldest) {
        OffsetDateTime created = oldest.getOffsetDateTime("created_at");
        return Math.max(0, Duration.between(created.toInstant(), Instant.now()).toMillis() / 1000.0);
    }

    private Request entry(Row row) {
        Outbox.Topic topic = Outbox.Topic.valueOf(row.getString("topic").toUpperCase(Locale.ROOT));
        Duration retention = settings.retention().getOrDefault(topic, Duration.ofDays(1));
        return Request.cmd(Command.XADD)
                .arg(topic.stream())
                .arg("MINID")
                .arg("~")
                .arg(Instant.now().minus(retention).toEpochMilli())
                .arg("*")
                .arg("id")
                .arg(row.getUUID("event_id").toString())
                .arg("payload")
                .arg(row.get(Buffer.class, "payload"));
    }
}
