package ai.materi.gateway.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a read costs at the least: one HTTP server an event loop, one prepared select over one pipelined connection of that
 * loop, the row as JSON. No router, no guard, no tenant wall. The database's URL comes from {@code BARE_DATABASE_URL}; its
 * role must be one to which no row policy applies. Prints its port, and ends with its standard input.
 */
final class BareServer extends VerticleBase {
    private static final String READ = """
            select api.document_json(d)::text from api.documents d where d.id = $1
            """;

    private static final int PIPELINING = 256;
    private static final int ID_LENGTH = 36;

    /** A negative port is a free one that all instances share. */
    private static final int SHARED = -1;

    private final AtomicInteger port;
    private @Nullable SqlClient database;

    private BareServer(AtomicInteger port) {
        this.port = port;
    }

    /** Takes one argument: the number of event loops. */
    public static void main(String[] arguments) {
        try {
            serve(Integer.parseInt(arguments[0]));
            System.exit(0);
        } catch (Exception e) {
            System.err.println("materi: the bare server failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(int eventLoops) throws IOException, TimeoutException {
        Vertx vertx = Vertx.vertx();
        AtomicInteger port = new AtomicInteger();
        vertx.deployVerticle(() -> new BareServer(port), new DeploymentOptions().setInstances(eventLoops))
                .await(30, TimeUnit.SECONDS);
        System.out.println(port.get());
        System.in.transferTo(OutputStream.nullOutputStream());
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Override
    public Future<?> start() {
        PgConnectOptions options = PgConnectOptions.fromUri(System.getenv("BARE_DATABASE_URL"))
                .setCachePreparedStatements(true)
                .setPipeliningLimit(PIPELINING);
        database = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(options)
                .using(vertx)
                .build();
        return vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                .requestHandler(this::read)
                .listen(SHARED, "127.0.0.1")
                .onSuccess(this::listening);
    }

    private void listening(HttpServer server) {
        port.set(server.actualPort());
    }

    private void read(HttpServerRequest request) {
        String path = request.path();
        UUID id = UUID.fromString(path.substring(path.length() - ID_LENGTH));
        Objects.requireNonNull(database)
                .preparedQuery(READ)
                .execute(Tuple.of(id))
                .onSuccess(rows -> answer(request, rows))
                .onFailure(failure -> request.response().setStatusCode(500).end());
    }

    private static void answer(HttpServerRequest request, RowSet<Row> rows) {
        if (rows.size() == 0) {
            request.response().setStatusCode(404).end();
        } else {
            request.response()
                    .putHeader("content-type", "application/json")
                    .end(Buffer.buffer(rows.iterator().next().getString(0)));
        }
    }
}
