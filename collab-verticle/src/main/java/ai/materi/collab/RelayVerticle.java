package ai.materi.collab;

import ai.materi.collab.access.Gate;
import ai.materi.collab.access.Watch;
import ai.materi.collab.cluster.BusMeters;
import ai.materi.collab.cluster.ClusterBus;
import ai.materi.collab.cluster.ClusterSettings;
import ai.materi.collab.history.Authors;
import ai.materi.collab.history.HistorySettings;
import ai.materi.collab.history.Sessions;
import ai.materi.collab.log.Announcer;
import ai.materi.collab.log.ClaimQueue;
import ai.materi.collab.log.Compactor;
import ai.materi.collab.log.LogMeters;
import ai.materi.collab.log.LogSettings;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.log.LogTails;
import ai.materi.collab.log.Purge;
import ai.materi.collab.log.UpdateLog;
import ai.materi.collab.operator.RoomsDoor;
import ai.materi.collab.room.Loader;
import ai.materi.collab.room.Loops;
import ai.materi.collab.room.RoomMeters;
import ai.materi.collab.room.RoomParts;
import ai.materi.collab.room.RoomSettings;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.room.SubDocuments;
import ai.materi.collab.service.CollabContract;
import ai.materi.collab.service.ServiceSettings;
import ai.materi.collab.stream.StreamSettings;
import ai.materi.collab.stream.SyncStreams;
import ai.materi.collab.version.AutomaticSettings;
import ai.materi.collab.version.VersionKeeper;
import ai.materi.collab.version.VersionSettings;
import ai.materi.collab.version.VersionTables;
import ai.materi.collab.wire.WireDoor;
import ai.materi.platform.config.Settings;
import ai.materi.platform.events.StreamConsumer;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.node.Drain;
import ai.materi.platform.node.Node;
import ai.materi.platform.node.Workers;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.postgres.Postgres;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Relay: live documents on both wires and over gRPC, their log and their presence. */
public final class RelayVerticle extends VerticleBase {
    private static final Postgres.Schema SCHEMA =
            new Postgres.Schema("collab", List.of("materi_collab", "materi_collab_log"));

    private static final int WORK_WAITING = 2_000;
    private static final Duration SLOW_WORK = Duration.ofSeconds(10);

    private final Node node;
    private Supplier<Future<?>> stopping = Future::succeededFuture;

    public RelayVerticle(Node node) {
        this.node = node;
    }

    @Override
    public Future<?> start() {
        return node.postgres()
                .migrate(SCHEMA)
                .compose(done -> Loops.start(vertx, node.http().loops()))
                .compose(this::assemble);
    }

    private Future<Void> assemble(Loops loops) {
        Settings settings = node.settings().section("collab");
        LogSettings logSettings = LogSettings.of(settings.section("log"));
        RoomSettings roomSettings = RoomSettings.of(settings.section("room"));
        Database database = node.postgres().as("materi_collab_log");
        Workers.Pool workers =
                node.workers().pool("collab", settings.integer("workers", 1, 256), WORK_WAITING, SLOW_WORK);

        LogTables tables = new LogTables(database);
        LogMeters logMeters = new LogMeters(node.meters());
        HistorySettings history = HistorySettings.of(settings.section("history"));
        Sessions sessions = new Sessions(vertx, database, tables, workers, history);
        LogTails tails = new LogTails();
        logMeters.tails(tails);
        Compactor compactor = new Compactor(vertx, tables, logSettings, workers, logMeters, tails, sessions::count);
        Announcer announcer = new Announcer(vertx, database, node.outbox());
        UpdateLog log = new UpdateLog(vertx, tables, logSettings, logMeters, (document, head, rows, bytes) -> {
            tails.grown(document, new LogTails.Tail(rows, bytes));
            compactor.grown(document, head, rows, bytes);
            announcer.grown(document, head, rows, bytes);
        });
        node.degradation().watch("update_log", Degradation.Level.MINIMAL, log::keepsUp);
        ClusterBus bus =
                new ClusterBus(vertx, ClusterSettings.of(settings.section("cluster")), new BusMeters(node.meters()));
        Authors authors = new Authors(database);
        RoomParts parts = new RoomParts(
                vertx,
                log,
                tables,
                tails,
                new ClaimQueue(vertx, tables),
                authors,
                bus,
                workers,
                roomSettings,
                new RoomMeters(node.meters()));
        SubDocuments subDocuments = new SubDocuments(tables, roomSettings, parts.meters());
        Loader loader = new Loader(tables, workers, roomSettings, subDocuments);
        Rooms rooms = new Rooms(loops, loader, parts, subDocuments);
        Gate gate = new Gate(node.services());
        VersionTables versions = new VersionTables(database, VersionSettings.of(settings.section("versions")));
        VersionKeeper keeper = new VersionKeeper(vertx, tables, versions, workers);
        SyncStreams streams =
                new SyncStreams(node, loops, gate, rooms, tables, StreamSettings.of(settings.section("stream")));
        CollabContract contract = CollabContract.offer(
                node,
                new CollabContract.Parts(
                        gate,
                        rooms,
                        loops,
                        tables,
                        versions,
                        authors,
                        sessions,
                        streams,
                        workers,
                        ServiceSettings.of(settings.section("service")),
                        history));
        WireDoor door = new WireDoor(node, settings.section("wire"), loops, gate, rooms);

        StreamConsumer purge = Purge.create(node, database);
        node.http().mountOperator(RoomsDoor.PATH, new RoomsDoor(rooms).router(vertx));
        new Watch(vertx, gate, rooms).listen(node.access());
        node.drain().register(Drain.Phase.DISMISS, "collab sockets", door::dismiss);
        node.drain().register(Drain.Phase.DISMISS, "collab streams", streams::dismiss);
        node.drain()
                .register(Drain.Phase.FLUSH, "collab log", () -> log.drained().compose(done -> announcer.announce()));
        announcer.start(settings.duration("announce_interval"));
        keeper.start(AutomaticSettings.of(settings.section("versions").section("automatic")));
        sessions.start();
        purge.start();
        rooms.start();
        loops.measure(node.meters());
        door.start();
        stopping = () -> {
            contract.stop();
            door.stop();
            streams.stop();
            rooms.stop();
            loops.stop();
            announcer.stop();
            keeper.stop();
            sessions.stop();
            compactor.stop();
            return Future.join(purge.stop(), bus.stop());
        };
        return bus.listen(rooms).compose(listening -> streams.start());
    }

    /** Sockets are sent away and the log is flushed before this, by the node's drain. */
    @Override
    public Future<?> stop() {
        return stopping.get();
    }
}
