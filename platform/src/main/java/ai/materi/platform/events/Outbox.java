package ai.materi.platform.events;

import ai.materi.platform.call.CallContext;
import ai.materi.proto.event.v1.Event;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Facts leave in the transaction that made them true; a relay moves them to their Redis Stream, in order, at least once. */
public final class Outbox {
    /** The stream {@code materi:events:<topic>}. */
    public enum Topic {
        USERS,
        DOCUMENTS,
        COLLABORATION,
        AI;

        /** As in the table and in the stream's name. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The Redis key. */
        public String stream() {
            return "materi:events:" + word();
        }
    }

    private static final String APPEND = "insert into events.outbox (event_id, topic, payload) values ($1, $2, $3)";

    private static final String APPEND_ALL =
            "insert into events.outbox (event_id, topic, payload) select * from unnest($1::uuid[], $2::text[], $3::bytea[])";

    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private Outbox() {}

    public static Outbox create() {
        return new Outbox();
    }

    /**
     * A fact as its row in {@code events.outbox}.
     *
     * @param topic the word in the table
     * @param payload the event with its id, in protobuf
     */
    public record Entry(UUID id, String topic, Buffer payload) {}

    /**
     * Appends in the caller's transaction. Id, time and trace are filled in when they are empty. Every runtime role may
     * insert into {@code events.outbox}; none may read it.
     */
    public Future<Void> append(SqlConnection transaction, Topic topic, Event event) {
        Entry entry = entry(topic, event);
        return transaction
                .preparedQuery(APPEND)
                .execute(Tuple.of(entry.id(), entry.topic(), entry.payload()))
                .onSuccess(rows -> appended())
                .mapEmpty();
    }

    /** The same of several, in one statement: for a transaction that holds what others wait for. */
    public Future<Void> append(SqlConnection transaction, Topic topic, List<Event> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Entry> entries = events.stream().map(event -> entry(topic, event)).toList();
        return transaction
                .preparedQuery(APPEND_ALL)
                .execute(Tuple.of(
                        entries.stream().map(Entry::id).toArray(UUID[]::new),
                        entries.stream().map(Entry::topic).toArray(String[]::new),
                        entries.stream().map(Entry::payload).toArray(Buffer[]::new)))
                .onSuccess(rows -> appended())
                .mapEmpty();
    }

    /** What a database function is to insert in its own transaction; {@link #appended()} says that it has done so. */
    public Entry entry(Topic topic, Event event) {
        Event complete = completed(event);
        return new Entry(UUID.fromString(complete.getId()), topic.word(), Buffer.buffer(complete.toByteArray()));
    }

    /** Lets the relay look soon. Without it, it looks at its next turn. */
    public void appended() {
        listeners.forEach(Runnable::run);
    }

    /** Told after each append on this node, which may not be committed yet. */
    void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    private static Event completed(Event event) {
        Event.Builder complete = event.toBuilder();
        if (event.getId().isEmpty()) {
            complete.setId(IDS.generate().toString());
        }
        if (event.getTime().isEmpty()) {
            complete.setTime(Instant.now().toString());
        }
        String traceparent = CallContext.current().traceparent();
        if (event.getTraceparent().isEmpty() && traceparent != null) {
            complete.setTraceparent(traceparent);
        }
        return complete.build();
    }
}
