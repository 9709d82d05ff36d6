package ai.materi.collab.log;

import ai.materi.platform.events.Outbox;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.event.v1.ContentChanged;
import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
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
 * many edits there were. The row remembers how far was told in the transaction that tells it, so nothing is told twice by
 * two nodes and nothing is forgotten over a crash: at its first round each node looks for what was never told.
 */
public final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int BATCH = 50;
    private static final int KEPT = 100_000;
    private static final String UNTOLD =
            "select id from collab.documents where head_seq > announced_seq order by id limit $1";
    private static final String TELL = """
            update collab.documents d set announced_seq = d.head_seq
            from (
                select id, announced_seq from collab.documents
                where id = any ($1) and head_seq > announced_seq
                order by id for update
            ) before
            where d.id = before.id
            returning coalesce(d.parent_id, d.id) as subject, coalesce(d.guid, '') as guid, d.workspace_id, d.head_seq, d.head_seq - before.announced_seq as updates""";

    private final Vertx vertx;
    private final Database database;
    private final Outbox outbox;
    private final Set<UUID> changed = new HashSet<>();
    private boolean swept;
    private boolean busy;
    private long timer;

    public Announcer(Vertx vertx, Database database, Outbox outbox) {
        this.vertx = vertx;
        this.database = database;
        this.outbox = outbox;
    }

    public void start(Duration interval) {
        timer = vertx.setPeriodic(interval.toMillis(), tick -> round());
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Called after every flush. Over the bound the document is told of after the next start. */
    public synchronized void grown(UUID documentId, long headSeq, long tailRows, long tailBytes) {
        if (changed.size() < KEPT) {
            changed.add(documentId);
        }
    }

    /** Tells what has gathered until now. What changes meanwhile is for the next time, or telling would never end under load. */
    public Future<Void> announce() {
        return tell(gathered());
    }

    private Future<Void> tell(List<UUID> documents) {
        if (documents.isEmpty()) {
            return Future.succeededFuture();
        }
        int some = Math.min(BATCH, documents.size());
        return tellSome(documents.subList(0, some))
                .onFailure(failure -> documents.forEach(document -> grown(document, 0, 0, 0)))
                .compose(done -> tell(documents.subList(some, documents.size())));
    }

    private void round() {
        if (busy) {
            return;
        }
        busy = true;
        sweep().compose(done -> announce())
                .onFailure(
                        failure -> LOG.warn("changes are not announced yet: {}", String.valueOf(failure.getMessage())))
                .onComplete(done -> busy = false);
    }

    private Future<Void> sweep() {
        if (swept) {
            return Future.succeededFuture();
        }
        return database.client().preparedQuery(UNTOLD).execute(Tuple.of(KEPT)).map(rows -> {
            rows.forEach(row -> grown(row.getUUID(0), 0, 0, 0));
            swept = true;
            return null;
        });
    }

    /** The rows stay locked until that is committed, and a flush waits for them: so all is told in two statements. */
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
                        .setSequence(row.getLong("head_seq"))
                        .setUpdates((int) Math.min(Integer.MAX_VALUE, row.getLong("updates"))))
                .build();
    }

    private synchronized List<UUID> gathered() {
        List<UUID> gathered = List.copyOf(changed);
        changed.clear();
        return gathered;
    }
}
