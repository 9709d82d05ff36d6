package ai.materi.collab.service;

import ai.materi.collab.document.Admission;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Loops;
import ai.materi.collab.room.Rooms;
import ai.materi.platform.call.CallContext;
import ai.materi.proto.collab.v1.Change;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;

/** Opens streams of changes. */
final class Subscriptions {
    private final Loops loops;
    private final Rooms rooms;
    private final LogTables tables;
    private final int maxBytes;

    Subscriptions(Loops loops, Rooms rooms, LogTables tables, ServiceSettings settings) {
        this.loops = loops;
        this.rooms = rooms;
        this.tables = tables;
        this.maxBytes = settings.subscriptionBytes();
    }

    Future<ReadStream<Change>> open(Admission admission, CallContext reader, long afterSeq) {
        Loop loop = loops.current();
        ChangeStream stream = new ChangeStream(loop, tables, reader, maxBytes, afterSeq);
        return rooms.with(admission, room -> Future.succeededFuture((ReadStream<Change>) stream.attach(room)));
    }
}
