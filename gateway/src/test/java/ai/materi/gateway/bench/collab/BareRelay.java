package ai.materi.gateway.bench.collab;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
import ai.materi.platform.embedded.EmbeddedPostgres;
import ai.materi.platform.embedded.Programs;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an acknowledgement costs at the least: the Hocuspocus wire, as far as a writer needs it, and a group commit to an embedded
 * PostgreSQL of its own. No document in memory, no identity, no wall, no numbers but its own. Prints its port, and ends with its
 * standard input.
 */
final class BareRelay extends VerticleBase {
    private static final byte[] NOTHING = {0, 0};
    private static final int MOST_NAME_BYTES = 64;
    private static final int EVENT_LOOPS = 2;
    /** A free port that all instances share. */
    private static final int SHARED = -1;

    private final AtomicInteger port;
    private final BareLog log;

    private BareRelay(AtomicInteger port, BareLog log) {
        this.port = port;
        this.log = log;
    }

    /** Takes one argument: an empty folder for PostgreSQL. */
    public static void main(String[] arguments) {
        try {
            Path data = Path.of(arguments[0]);
            EmbeddedPostgres postgres = EmbeddedPostgres.start(data, Programs.cachedOr(data), "of-the-bare-relay");
            try {
                serve(postgres.url());
            } finally {
                postgres.stop();
            }
            System.exit(0);
        } catch (Exception e) {
            System.err.println("materi: the bare relay failed: " + e);
            System.exit(1);
        }
    }

    private static void serve(String databaseUrl) throws IOException, TimeoutException {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(EVENT_LOOPS));
        BareLog log = BareLog.open(vertx, databaseUrl).await(30, TimeUnit.SECONDS);
        AtomicInteger port = new AtomicInteger();
        vertx.deployVerticle(() -> new BareRelay(port, log), new DeploymentOptions().setInstances(EVENT_LOOPS))
                .await(30, TimeUnit.SECONDS);
        System.out.println(port.get());
        System.in.transferTo(OutputStream.nullOutputStream());
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
                .webSocketHandler(socket -> socket.binaryMessageHandler(message -> received(socket, message)))
                .listen(SHARED, "127.0.0.1")
                .onSuccess(this::listening);
    }

    private void listening(HttpServer server) {
        port.set(server.actualPort());
    }

    private void received(ServerWebSocket socket, Buffer message) {
        FrameReader reader = new FrameReader(message);
        String document = reader.string(MOST_NAME_BYTES);
        switch (reader.type()) {
            case Messages.AUTH -> say(socket, document, Messages.authenticated(true));
            case Messages.SYNC -> sync(socket, document, reader);
            default -> {
                // It knows of no presence.
            }
        }
    }

    private void sync(ServerWebSocket socket, String document, FrameReader reader) {
        if (reader.type() == Messages.SYNC_STEP_1) {
            say(socket, document, Messages.syncStep2(NOTHING));
        } else {
            log.append(
                    UUID.fromString(document),
                    reader.slice(),
                    vertx.getOrCreateContext(),
                    () -> say(socket, document, Messages.syncStatus(true)));
        }
    }

    private static void say(ServerWebSocket socket, String document, Buffer message) {
        socket.writeBinaryMessage(Messages.named(document, message));
    }
}
