package ai.materi.collab.history;

import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.page.PagePosition;
import ai.materi.platform.node.Workers;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions in which documents were written, in {@code collab.sessions}. Each row of the log is counted in once: when
 * somebody asks, and before compaction takes it out of the log.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int ROWS_AT_ONCE = 5_000;
    private static final int ROUNDS = 100;
    private static final int FORGOTTEN_AT_ONCE = 10_000;
    private static final long FORGET_INTERVAL_MS = 3_600_000;

    private static final String COUNTED = "select sessions_seq, head_seq from collab.documents where id = $1";
    private static final String COUNT = "select collab.count_sessions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    private static final String LIST = """
            select id, author_id, via_id, began_at, ended_at, updates, inserted, deleted
            from collab.sessions
            where document_id = $1 and (began_at, id) < ($2, $3) and ended_at > now() - $4::interval
            order by began_at desc, id desc limit $5""";
    private static final String FORGET = """
            delete from collab.sessions where (document_id, id) in (
                select s.document_id, s.id from collab.sessions s where s.ended_at <= now() - $1::interval limit $2)""";

    private final Vertx vertx;
    private final Database database;
    private final LogTables log;
    private final Workers.Pool workers;
    private final HistorySettings settings;
    private long timer;

    /** What is counted, and what there is. */
    private record Progress(long counted, long head) {}

    /** As the role {@code materi_collab_log}. */
    public Sessions(Vertx vertx, Database database, LogTables log, Workers.Pool workers, HistorySettings settings) {
        this.vertx = vertx;
        this.database = database;
        this.log = log;
        this.workers = workers;
        this.settings = settings;
    }

    public void start() {
        timer = vertx.setPeriodic(
                FORGET_INTERVAL_MS,
                tick -> forgetOld()
                        .onFailure(failure ->
                                LOG.warn("old sessions stay for now: {}", String.valueOf(failure.getMessage()))));
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Counts in what was committed so far. */
    public Future<Void> count(UUID documentId) {
        return count(documentId, ROUNDS);
    }

    /** Newest first, by when they began. */
    public Future<List<Session>> list(UUID documentId, PagePosition after, int limit) {
        return database.client()
                .preparedQuery(LIST)
                .execute(Tuple.of(
                        documentId, after.createdAt(), after.id(), Interval.of(settings.sessionsKept()), limit))
                .map(rows -> rows.stream().map(Sessions::session).toList());
    }

    /** Forgets what is older than the settings say. */
    Future<Void> forgetOld() {
        return database.writer()
                .preparedQuery(FORGET)
                .execute(Tuple.of(Interval.of(settings.sessionsKept()), FORGOTTEN_AT_ONCE))
                .compose(gone -> gone.rowCount() < FORGOTTEN_AT_ONCE ? Future.succeededFuture() : forgetOld());
    }

    private Future<Void> count(UUID documentId, int rounds) {
        return progress(documentId).compose(progress -> {
            boolean done = progress.isEmpty()
                    || progress.get().counted() >= progress.get().head()
                    || rounds == 0;
            return done
                    ? Future.succeededFuture()
                    : countOn(documentId, progress.get().counted())
                            .compose(more -> more ? count(documentId, rounds - 1) : Future.succeededFuture());
        });
    }

    private Future<Optional<Progress>> progress(UUID documentId) {
        return database.client()
                .preparedQuery(COUNTED)
                .execute(Tuple.of(documentId))
                .map(rows -> rows.stream().findFirst().map(row -> new Progress(row.getLong(0), row.getLong(1))));
    }

    /** Whether there were more rows; whoever else is at it may have been faster, which does not matter. */
    private Future<Boolean> countOn(UUID documentId, long counted) {
        return log.after(documentId, counted, ROWS_AT_ONCE).compose(found -> {
            long to = found.map(slice -> slice.reaches(counted)).orElse(counted);
            if (to == counted) {
                return Future.succeededFuture(false);
            }
            List<LogRow> rows = found.map(LogSlice::rows).orElse(List.of());
            return log.claims(documentId)
                    .compose(claims -> workers.run(() -> Stretch.of(rows, claims, settings.sessionPause())))
                    .compose(stretches -> store(documentId, counted, to, stretches))
                    .map(true);
        });
    }

    private Future<Void> store(UUID documentId, long counted, long to, List<Stretch> stretches) {
        return database.writer()
                .preparedQuery(COUNT)
                .execute(Tuple.tuple()
                        .addUUID(documentId)
                        .addLong(counted)
                        .addLong(to)
                        .addValue(Interval.of(settings.sessionPause()))
                        .addArrayOfUUID(stretches.stream().map(Stretch::author).toArray(UUID[]::new))
                        .addArrayOfUUID(stretches.stream().map(Stretch::via).toArray(UUID[]::new))
                        .addArrayOfOffsetDateTime(
                                stretches.stream().map(Stretch::began).toArray(OffsetDateTime[]::new))
                        .addArrayOfOffsetDateTime(
                                stretches.stream().map(Stretch::ended).toArray(OffsetDateTime[]::new))
                        .addArrayOfLong(stretches.stream().map(Stretch::updates).toArray(Long[]::new))
                        .addArrayOfLong(
                                stretches.stream().map(Stretch::inserted).toArray(Long[]::new))
                        .addArrayOfLong(stretches.stream().map(Stretch::deleted).toArray(Long[]::new)))
                .mapEmpty();
    }

    private static Session session(Row row) {
        @Nullable UUID via = row.getUUID("via_id");
        return new Session(
                row.getUUID("id"),
                row.getUUID("author_id"),
                via,
                row.getOffsetDateTime("began_at"),
                row.getOffsetDateTime("ended_at"),
                row.getLong("updates"),
                row.getLong("inserted"),
                row.getLong("deleted"));
    }
}
