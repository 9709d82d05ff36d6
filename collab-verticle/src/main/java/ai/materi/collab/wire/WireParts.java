package ai.materi.collab.wire;

import ai.materi.collab.access.Gate;
import ai.materi.collab.room.Rooms;
import ai.materi.platform.access.Identity;
import ai.materi.platform.telemetry.Traces;
import io.vertx.core.Vertx;

/** What every socket of a node works with. */
record WireParts(
        Vertx vertx,
        Identity identity,
        Gate gate,
        Rooms rooms,
        WireSettings settings,
        WireMeters meters,
        Traces traces) {}
