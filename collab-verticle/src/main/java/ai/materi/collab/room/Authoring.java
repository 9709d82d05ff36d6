package ai.materi.collab.room;

import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server as an author in one room: it works on copies of committed or live states, and writes what that changed. */
final class Authoring {
    /** Of an edit that was made on a draft, or came whole in one call. */
    private static final int STRUCTS_OF_OUR_OWN = 1_000_000;

    private static final int EXACT_TRIES = 20;

    private final Room room;
    private final RoomLoop loop;
    private final LiveDocument document;
    private final Replica replica;
    private final Commits commits;
    private final Edits edits;
    private final RoomParts parts;
    private long draftAuthor = Draft.freshAuthor();

    Authoring(
            Room room,
            RoomLoop loop,
            LiveDocument document,
            Replica replica,
            Commits commits,
            Edits edits,
            RoomParts parts) {
        this.room = room;
        this.loop = loop;
        this.document = document;
        this.replica = replica;
        this.commits = commits;
        this.edits = edits;
        this.parts = parts;
    }

    Future<Draft> draft() {
        return document.encoded().map(encoded -> new Draft(encoded, draftAuthor));
    }

    Draft draft(CommittedState from) {
        return new Draft(from.encoded(), draftAuthor);
    }

    Future<Long> write(byte[] update, UUID author, @Nullable UUID via) {
        return edits.author(
                author, via, update, doc -> take(doc, update, null, STRUCTS_OF_OUR_OWN, Integer.MAX_VALUE), null);
    }

    Future<Long> writeAside(Seat seat, byte[] update) {
        RoomSettings settings = parts.settings();
        return edits.author(
                seat.principal().userId(),
                null,
                update,
                doc -> take(doc, update, seat, settings.updateStructs(), settings.pendingBytes()),
                seat.peer());
    }

    Future<Long> writeHere(UUID author, @Nullable UUID via, Consumer<Doc> edit) {
        return edits.author(author, via, null, edit, null);
    }

    Future<Optional<Long>> writeIf(long expectedSeq, byte[] update, UUID author, @Nullable UUID via) {
        if (commits.waiting() > 0 || replica.reached() != expectedSeq) {
            return Future.succeededFuture(Optional.empty());
        }
        Promise<Optional<Long>> promise = Promise.promise();
        parts.log()
                .appendIf(room.documentId(), expectedSeq, update, author, via)
                .onComplete(done -> room.loop().run(() -> {
                    if (done.failed()) {
                        // It may be committed all the same: nobody may write under these clocks again.
                        draftAuthor = Draft.freshAuthor();
                        room.repair();
                        promise.fail(done.cause());
                    } else {
                        done.result().ifPresent(seq -> room.received(new CommittedUpdate(seq, update, author)));
                        promise.complete(done.result());
                    }
                }));
        return promise.future();
    }

    Future<CommittedState> committedState() {
        return exact(EXACT_TRIES);
    }

    private Future<CommittedState> exact(int tries) {
        if (room.isClosed()) {
            return Future.failedFuture(new RoomClosedException());
        }
        if (tries == 0) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.UNAVAILABLE, "The document changes too fast to be read."));
        }
        if (replica.gap()) {
            return room.repair().compose(done -> exact(tries - 1));
        }
        return loop.whenHere(document::encoded).compose(encoded -> {
            if (room.isClosed()) {
                return Future.failedFuture(new RoomClosedException());
            }
            if (replica.gap()) {
                return exact(tries - 1);
            }
            long expected = replica.reached() + commits.waiting();
            return room.awaited()
                    .compose(reached -> reached == expected
                            ? Future.succeededFuture(new CommittedState(encoded, expected, room.generation()))
                            : exact(tries - 1));
        });
    }

    private static void take(Doc doc, byte[] update, @Nullable Object origin, int structs, int maxPending) {
        if (!doc.applyUpdate(update, origin, structs, maxPending)) {
            throw Problem.of(ProblemCode.UNAVAILABLE, "Only a part of the edit could be placed; send it again.");
        }
    }
}
