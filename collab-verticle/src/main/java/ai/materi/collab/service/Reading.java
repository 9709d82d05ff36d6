package ai.materi.collab.service;

import ai.materi.collab.content.Contents;
import ai.materi.collab.content.Format;
import ai.materi.collab.document.Admission;
import ai.materi.collab.room.CommittedState;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.BlockList;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.State;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;

/** Reads of committed content. What was rendered once for an ETag is not rendered again while it is kept. */
final class Reading {
    private final Rooms rooms;
    private final Workers.Pool workers;
    private final Renderings renderings;

    Reading(Rooms rooms, Workers.Pool workers, Renderings renderings) {
        this.rooms = rooms;
        this.workers = workers;
        this.renderings = renderings;
    }

    Future<Content> content(Admission admission, Format format, String ifNoneMatch) {
        return committed(admission).compose(committed -> {
            Etag etag = new Etag(committed.generation(), committed.seq(), format);
            if (etag.toString().equals(ifNoneMatch)) {
                return Future.succeededFuture(content(etag).setNotModified(true).build());
            }
            return rendered(admission, etag, committed)
                    .map(content -> content(etag)
                            .setContent(UnsafeByteOperations.unsafeWrap(content))
                            .build());
        });
    }

    Future<BlockList> blocks(Admission admission) {
        return committed(admission)
                .compose(committed -> workers.run(() -> BlockList.newBuilder()
                        .addAllBlocks(Contents.blocks(Doc.of(committed.state())))
                        .setEtag(new Etag(committed.generation(), committed.seq(), Format.MARKDOWN).toString())
                        .build()));
    }

    /** @param known an encoded state vector; empty for everything */
    Future<State> state(Admission admission, ByteString known) {
        return committed(admission)
                .compose(committed -> workers.run(() -> State.newBuilder()
                        .setUpdate(UnsafeByteOperations.unsafeWrap(lacking(committed.state(), known)))
                        .setSequence(committed.seq())
                        .build()));
    }

    private Future<CommittedState> committed(Admission admission) {
        return rooms.with(admission, Room::committedState);
    }

    private Future<byte[]> rendered(Admission admission, Etag etag, CommittedState committed) {
        byte[] kept = renderings.get(admission.documentId(), etag);
        if (kept != null) {
            return Future.succeededFuture(kept);
        }
        return workers.run(() -> Contents.render(Doc.of(committed.state()), etag.format()))
                .onSuccess(content -> renderings.keep(admission.documentId(), etag, content));
    }

    private static byte[] lacking(byte[] state, ByteString known) {
        if (known.isEmpty()) {
            return state;
        }
        try {
            return Updates.diff(state, StateVector.decode(known.toByteArray()));
        } catch (MalformedUpdateException malformed) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "The state vector is not valid: " + malformed.getMessage());
        }
    }

    private static Content.Builder content(Etag etag) {
        return Content.newBuilder().setEtag(etag.toString()).setSequence(etag.seq());
    }
}
