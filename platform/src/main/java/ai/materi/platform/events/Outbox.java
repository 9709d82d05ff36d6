package ai.materi.platform.events;

import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Facts leave in the transaction that made them true; a relay moves them to their Redis Stream, in order, at least once. */
public final class Outbox {
    /** The stream {@code materi:events:<topic>}. */
    public enum Topic {
        USERS,
        DOCUMENTS,
        COLLABORATION,
        AI
    }

    /**
     * Appends in the caller's transaction. Id, time and trace are filled in when they are empty. Every runtime role may
     * insert into {@code events.outbox}; none may read it.
     */
    public Future<Void> append(SqlConnection transaction, Topic topic, Event event) {
        throw new UnsupportedOperationException();
    }
}
