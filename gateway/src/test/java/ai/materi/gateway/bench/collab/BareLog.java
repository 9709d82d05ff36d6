package ai.materi.gateway.bench.collab;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Group commit at its plainest: one insert for all that came during the one before. */
final class BareLog {
    private static final String TABLE = """
            create table updates (
                document_id uuid, seq bigint, bytes bytea, committed_at timestamptz default now(),
                primary key (document_id, seq))""";
    private static final String APPEND =
            "insert into updates (document_id, seq, bytes) select * from unnest($1::uuid[], $2::bigint[], $3::bytea[])";

    private final SqlClient database;
    private final Context context;
    private List<Entry> waiting = new ArrayList<>();
    private boolean flushing;
    private long seq;

    private record Entry(UUID document, Buffer update, Context caller, Runnable committed) {}

    private BareLog(SqlClient database, Context context) {
        this.database = database;
        this.context = context;
    }

    static Future<BareLog> open(Vertx vertx, String databaseUrl) {
        SqlClient database = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(PgConnectOptions.fromUri(databaseUrl).setCachePreparedStatements(true))
                .using(vertx)
                .build();
        return database.query(TABLE).execute().map(done -> new BareLog(database, vertx.getOrCreateContext()));
    }

    /** @param committed is run in {@code caller} */
    void append(UUID document, Buffer update, Context caller, Runnable committed) {
        if (add(new Entry(document, update, caller, committed))) {
            context.runOnContext(none -> flush());
        }
    }

    /** Whether nobody is at it. */
    private synchronized boolean add(Entry entry) {
        waiting.add(entry);
        boolean first = !flushing;
        flushing = true;
        return first;
    }

    private void flush() {
        List<Entry> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        UUID[] documents = batch.stream().map(Entry::document).toArray(UUID[]::new);
        Long[] numbers = batch.stream().map(entry -> ++seq).toArray(Long[]::new);
        Buffer[] updates = batch.stream().map(Entry::update).toArray(Buffer[]::new);
        database.preparedQuery(APPEND)
                .execute(Tuple.of(documents, numbers, updates))
                .onSuccess(done -> {
                    batch.forEach(entry -> entry.caller()
                            .runOnContext(none -> entry.committed().run()));
                    flush();
                })
                .onFailure(failure -> {
                    System.err.println("materi: the bare relay cannot commit: " + failure);
                    System.exit(1);
                });
    }

    private synchronized List<Entry> take() {
        List<Entry> batch = waiting;
        waiting = new ArrayList<>();
        flushing = !batch.isEmpty();
        return batch;
    }
}
