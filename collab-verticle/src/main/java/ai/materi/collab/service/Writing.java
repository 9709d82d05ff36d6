package ai.materi.collab.service;

import ai.materi.collab.content.Contents;
import ai.materi.collab.content.Format;
import ai.materi.collab.document.Admission;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.stream.Aside;
import ai.materi.collab.stream.SyncStreams;
import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.WriteReply;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes of callers that are not at a socket (promise 2): an edit is worked out on a copy of the live document and what it
 * changes is applied to the live one, or, when the caller insists on a version, committed only if the log still ends
 * there. Answers after the commit.
 */
final class Writing {
    private final Rooms rooms;
    private final Workers.Pool workers;
    private final Renderings renderings;
    private final SyncStreams streams;

    Writing(Rooms rooms, Workers.Pool workers, Renderings renderings, SyncStreams streams) {
        this.rooms = rooms;
        this.workers = workers;
        this.renderings = renderings;
        this.streams = streams;
    }

    /** Only if the document is still at this ETag. */
    Future<WriteReply> replaceStrictly(Admission admission, UUID author, Format format, byte[] target, String ifMatch) {
        Etag expected = Etag.parse(ifMatch).orElseThrow(Writing::changedMeanwhile);
        return strictly(admission, author, format, expected, doc -> Contents.replace(doc, format, target, null));
    }

    /** Only if the document never had content. */
    Future<WriteReply> replaceInitially(Admission admission, UUID author, Format format, byte[] target) {
        return inRoom(
                admission,
                room -> strictly(
                        room,
                        author,
                        format,
                        new Etag(room.generation(), 0, format),
                        doc -> Contents.replace(doc, format, target, null)));
    }

    /** Merges what the caller changed since {@code base} with what everybody else changed. */
    Future<WriteReply> merge(Admission admission, UUID author, Format format, byte[] target, String base) {
        byte[] served = Etag.parse(base)
                .filter(etag -> etag.format() == format)
                .map(etag -> renderings.get(admission.documentId(), etag))
                .orElseThrow(() -> Problem.of(
                        ProblemCode.BASE_UNKNOWN, "The base is not kept any more; read the document again."));
        return freely(admission, author, format, doc -> Contents.replace(doc, format, target, served));
    }

    Future<WriteReply> edit(Admission admission, UUID author, List<Edit> edits, @Nullable String ifMatch) {
        Consumer<Doc> work = doc -> Contents.edit(doc, edits);
        if (ifMatch == null) {
            return freely(admission, author, Format.MARKDOWN, work);
        }
        Etag expected = Etag.parse(ifMatch).orElseThrow(Writing::changedMeanwhile);
        return strictly(admission, author, Format.MARKDOWN, expected, work);
    }

    /** In format v1. */
    Future<byte[]> encoded(byte[] update, boolean v2) {
        return v2 ? workers.run(() -> Updates.toV1(update)).recover(Writing::refused) : Future.succeededFuture(update);
    }

    /** In the name of an open stream. */
    Future<WriteReply> aside(Aside edit) {
        return streams.write(edit)
                .map(written ->
                        reply(written.generation(), written.sequence(), Format.MARKDOWN, !isEmpty(edit.payload())));
    }

    Future<WriteReply> apply(Admission admission, UUID author, byte[] update) {
        return inRoom(admission, room -> {
            boolean changed = !isEmpty(update);
            return room.write(update, author, null).map(seq -> reply(room, seq, Format.MARKDOWN, changed));
        });
    }

    private Future<WriteReply> freely(Admission admission, UUID author, Format format, Consumer<Doc> edit) {
        return inRoom(
                admission,
                room -> changes(room, edit)
                        .compose(update -> onLoop(room, () -> room.write(update, author, null))
                                .map(seq -> reply(room, seq, format, !isEmpty(update)))));
    }

    private Future<WriteReply> strictly(
            Admission admission, UUID author, Format format, Etag expected, Consumer<Doc> edit) {
        return inRoom(admission, room -> strictly(room, author, format, expected, edit));
    }

    private Future<WriteReply> strictly(Room room, UUID author, Format format, Etag expected, Consumer<Doc> edit) {
        if (expected.generation() != room.generation() || expected.seq() != room.reached()) {
            return Future.failedFuture(changedMeanwhile());
        }
        return changes(room, edit)
                .compose(update -> onLoop(room, () -> commit(room, expected, update, author))
                        .map(seq -> reply(room, seq, format, !isEmpty(update))));
    }

    private static Future<Long> commit(Room room, Etag expected, byte[] update, UUID author) {
        return isEmpty(update)
                ? Future.succeededFuture(expected.seq())
                : room.writeIf(expected.seq(), update, author, null)
                        .map(written -> written.orElseThrow(Writing::changedMeanwhile));
    }

    private Future<byte[]> changes(Room room, Consumer<Doc> edit) {
        return room.draft().compose(draft -> workers.run(() -> Scratch.changes(draft, edit)));
    }

    private Future<WriteReply> inRoom(Admission admission, Function<Room, Future<WriteReply>> work) {
        return rooms.with(admission, room -> room.inTurn(() -> work.apply(room)))
                .recover(Writing::refused);
    }

    private static <T> Future<T> refused(Throwable failure) {
        return Future.failedFuture(
                failure instanceof MalformedUpdateException
                        ? Problem.of(ProblemCode.CONTENT_INVALID, "This is no Yjs update: " + failure.getMessage())
                        : failure);
    }

    private static <T> Future<T> onLoop(Room room, Supplier<Future<T>> work) {
        return Hop.onto(room.loop(), work);
    }

    private static boolean isEmpty(byte[] update) {
        return Updates.isEmpty(update);
    }

    private static WriteReply reply(Room room, long seq, Format format, boolean changed) {
        return reply(room.generation(), seq, format, changed);
    }

    static WriteReply reply(int generation, long seq, Format format, boolean changed) {
        return WriteReply.newBuilder()
                .setEtag(new Etag(generation, seq, format).toString())
                .setSequence(seq)
                .setChanged(changed)
                .build();
    }

    private static Problem changedMeanwhile() {
        return Problem.of(ProblemCode.ETAG_MISMATCH, "The document has changed since that version.");
    }
}
