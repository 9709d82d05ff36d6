package ai.materi.collab.log;

import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.postgres.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** The collab schema on a database of its own, and a Vert.x. */
final class LogFixture implements AutoCloseable {
    static final LogSettings SETTINGS = new LogSettings(
            1_000,
            10_000_000,
            100,
            1_000_000,
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            100,
            1_000_000);

    final Vertx vertx = Vertx.vertx();
    final String url = TestServices.freshDatabase();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final LogTables tables;
    final Database database;
    private final Postgres postgres;

    LogFixture(Path data) {
        postgres = Await.result(
                Postgres.start(vertx, TestSettings.with(data, Map.of()).section("postgres"), url, meters));
        Await.result(postgres.migrate(new Postgres.Schema("collab", List.of("materi_collab", "materi_collab_log"))));
        database = postgres.as("materi_collab_log");
        tables = new LogTables(database);
    }

    UpdateLog log(LogSettings settings) {
        return onContext(() ->
                new UpdateLog(vertx, tables, settings, new LogMeters(meters), (document, head, rows, bytes) -> {}));
    }

    <T> T onContext(Supplier<T> work) {
        return Await.result(Future.future(
                promise -> vertx.getOrCreateContext().runOnContext(none -> promise.complete(work.get()))));
    }

    UUID document() {
        UUID id = UUID.randomUUID();
        Await.result(tables.ensure(id, UUID.randomUUID()));
        return id;
    }

    LogSlice everything(UUID document) {
        return Await.result(tables.after(document, -1, 100_000)).orElseThrow();
    }

    @Override
    public void close() {
        Await.result(postgres.close());
        Await.result(vertx.close());
        TestServices.drop(url);
    }
}
