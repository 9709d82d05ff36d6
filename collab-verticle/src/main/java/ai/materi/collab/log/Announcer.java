package ai.materi.collab.log;

import ai.materi.platform.events.Outbox;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.event.v1.ContentChanged;
import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the rest of the house that documents changed: one {@code content.changed} a document and interval at most, however
 * many edits there were. How far was told is remembered in the transaction that tells it, so that nothing is told twice by two
 * nodes, and beside the document's row, so that no flush waits for it. Where many documents changed they are told of by and by,
 * since all at once would keep edits waiting. Nothing is forgotten over a crash: at its first round each node looks for what was
 * never told.
 */
public final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int BATCH = 50;
    private static final int KEPT = 100_000;
    /** Between two batches at most, milliseconds. */
    private static final long LONGEST_PAUSE_MS = 250;

    private static final String UNTOLD = """
            select d.id from collab.documents d left join collab.announced a on a.document_id = d.id
            where d.head_seq > coalesce(a.seq, 0) order by d.id limit $1""";
    private static final String TELL = """
            with told as (
                insert into collab.announced as a (document_id, seq, previous_seq)
                    select d.id, d.head_seq, 0 from collab.documents d
                    where d.id = any ($1) and d.head_seq > 0 order by d.id
                on conflict (document_id) do update set previous_seq = a.seq, seq = excluded.seq where a.seq < excluded.seq
                returning document_id, seq, previous_seq
            )
            select coalesce(d.parent_id, d.id) as subject, coalesce(d.guid, '') as guid, d.workspace_id, t.seq,
                t.seq - t.previous_seq as updates
            from told t join collab.documents d on d.id = t.document_id""";

    private final Vertx vertx;
    private final Database database;
    private final Outbox outbox;
    private final Set<UUID> changed = new HashSet<>();
    private volatile boolean swept;
    private volatile Future<Void> round = Future.succeededFuture();
    private volatile Promise<Void> pause = Promise.promise();
    /** Whether the node ends: nothing is told by and by any more. */
    private volatile boolean ending;

    private long intervalMs;
    private long timer;

    public Announcer(Vertx vertx, Database database, Outbox outbox) {
        this.vertx = vertx;
        this.database = database;
        this.outbox = outbox;
    }

    public void start(Duration interval) {
        intervalMs = interval.toMillis();
        timer = vertx.setPeriodic(intervalMs, tick -> beginRound());
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Called after every flush. Over the bound the document is looked for in the next round. */
    public synchronized void grown(UUID documentId, long headSeq, long tailRows, long tailBytes) {
        if (changed.size() < KEPT) {
            changed.add(documentId);
        } else {
            swept = false;
        }
    }

    /** For a node that ends: tells what has gathered until now, after the round that is under way, which makes haste. */
    public Future<Void> announce() {
        ending = true;
        pause.tryComplete();
        return round.otherwiseEmpty().compose(done -> tellByAndBy(gathered()));
    }

    /** What changes meanwhile is for the next round, or telling would never end under load. */
    private Future<Void> tell(List<UUID> documents, long pauseMs) {
        if (documents.isEmpty()) {
            return Future.succeededFuture();
        }
        int some = Math.min(BATCH, documents.size());
        List<UUID> others = documents.subList(some, documents.size());
        return tellSome(documents.subList(0, some))
                .onFailure(failure -> documents.forEach(document -> grown(document, 0, 0, 0)))
                .compose(done -> others.isEmpty() ? Future.succeededFuture() : rest(pauseMs))
                .compose(done -> tell(others, pauseMs));
    }

    private Future<Void> rest(long pauseMs) {
        Promise<Void> rest = Promise.promise();
        pause = rest;
        if (ending) {
            rest.complete();
        } else {
            vertx.setTimer(pauseMs, over -> rest.tryComplete());
        }
        return rest.future();
    }

    private void beginRound() {
        if (round.isComplete()) {
            round = sweep().compose(done -> tellByAndBy(gathered()))
                    .onFailure(failure ->
                            LOG.warn("changes are not announced yet: {}", String.valueOf(failure.getMessage())));
        }
    }

    /** In half of the interval, so that the round is over when the next is due; without rest when the node ends. */
    private Future<Void> tellByAndBy(List<UUID> documents) {
        int batches = documents.size() / BATCH + 1;
        return tell(documents, Math.min(LONGEST_PAUSE_MS, Math.max(1, intervalMs / 2 / batches)));
    }

    private Future<Void> sweep() {
        if (swept) {
            return Future.succeededFuture();
        }
        return database.client().preparedQuery(UNTOLD).execute(Tuple.of(KEPT)).map(rows -> {
            rows.forEach(row -> grown(row.getUUID(0), 0, 0, 0));
            swept = rows.size() < KEPT;
            return null;
        });
    }

    private Future<Void> tellSome(List<UUID> documents) {
        return database.transaction(connection -> connection
                .preparedQuery(TELL)
                .execute(Tuple.of(documents.toArray(UUID[]::new)))
                .compose(rows -> outbox.append(
                        connection,
                        Outbox.Topic.COLLABORATION,
                        rows.stream().map(Announcer::changed).toList())));
    }

    private static Event changed(Row row) {
        return Event.newBuilder()
                .setSource("materi/collab")
                .setType("document.content_changed")
                .setSubject(row.getUUID("subject").toString())
                .setWorkspaceId(row.getUUID("workspace_id").toString())
                .setContentChanged(ContentChanged.newBuilder()
                        .setSubDocument(row.getString("guid"))
                        .setSequence(row.getLong("seq"))
                        .setUpdates((int) Math.min(Integer.MAX_VALUE, row.getLong("updates"))))
                .build();
    }

    private synchronized List<UUID> gathered() {
        List<UUID> gathered = List.copyOf(changed);
        changed.clear();
        return gathered;
    }
}
