package ai.materi.collab.service;

import ai.materi.collab.content.Contents;
import ai.materi.collab.content.Format;
import ai.materi.collab.document.Admission;
import ai.materi.collab.room.CommittedState;
import ai.materi.collab.room.Draft;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.version.KeptVersion;
import ai.materi.collab.version.PackedState;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Workers;
import ai.materi.proto.collab.v1.RestoreReply;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/**
 * Brings a version back as an edit of the live document, which open editors see like any other, and keeps what stood
 * before as a version first. The edit is committed only if nothing came between, so that two restores on two nodes do not
 * put both their texts into the document; a document that is written all the time takes it as an edit beside the others
 * after some tries.
 */
final class Restoring {
    private static final int STRICT_TRIES = 5;

    private final Rooms rooms;
    private final Workers.Pool workers;
    private final Versions versions;

    Restoring(Rooms rooms, Workers.Pool workers, Versions versions) {
        this.rooms = rooms;
        this.workers = workers;
        this.versions = versions;
    }

    Future<RestoreReply> restore(Admission admission, UUID author, String versionId) {
        return versions.state(admission, versionId)
                .compose(past ->
                        rooms.with(admission, room -> room.inTurn(() -> attempt(room, author, past, STRICT_TRIES))));
    }

    private Future<RestoreReply> attempt(Room room, UUID author, PackedState past, int tries) {
        return room.committedState()
                .compose(present -> changes(room.draft(present), past)
                        .compose(update -> Updates.isEmpty(update)
                                ? Future.succeededFuture(unchanged(present))
                                : replace(room, author, past, tries, present, update)));
    }

    private Future<byte[]> changes(Draft draft, PackedState past) {
        return workers.run(() -> Scratch.changes(draft, doc -> Contents.restore(doc, Doc.of(past.unpack()))));
    }

    private Future<RestoreReply> replace(
            Room room, UUID author, PackedState past, int tries, CommittedState present, byte[] update) {
        return versions.keepBefore(room.documentId(), author, present)
                .compose(before -> Hop.onto(
                        room.loop(),
                        () -> commit(room, author, tries, present, update)
                                .compose(seq -> seq.isPresent()
                                        ? Future.succeededFuture(changed(present, seq.get(), before))
                                        : room.repair().compose(done -> attempt(room, author, past, tries - 1)))));
    }

    private static Future<Optional<Long>> commit(
            Room room, UUID author, int tries, CommittedState present, byte[] update) {
        return tries > 0
                ? room.writeIf(present.seq(), update, author, null)
                : room.write(update, author, null).map(Optional::of);
    }

    private static RestoreReply unchanged(CommittedState present) {
        return RestoreReply.newBuilder()
                .setWrite(Writing.reply(present.generation(), present.seq(), Format.MARKDOWN, false))
                .build();
    }

    private static RestoreReply changed(CommittedState present, long seq, KeptVersion before) {
        return RestoreReply.newBuilder()
                .setWrite(Writing.reply(present.generation(), seq, Format.MARKDOWN, true))
                .setBefore(Versions.message(before))
                .build();
    }
}
