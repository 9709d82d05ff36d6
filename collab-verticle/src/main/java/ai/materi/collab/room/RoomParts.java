package ai.materi.collab.room;

import ai.materi.collab.history.Authors;
import ai.materi.collab.log.ClaimQueue;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.log.LogTails;
import ai.materi.collab.log.UpdateLog;
import ai.materi.platform.node.Workers;
import io.vertx.core.Vertx;

/** What every room of a node works with. */
public record RoomParts(
        Vertx vertx,
        UpdateLog log,
        LogTables tables,
        LogTails tails,
        ClaimQueue claims,
        Authors authors,
        RoomBus bus,
        Workers.Pool workers,
        RoomSettings settings,
        RoomMeters meters) {}
