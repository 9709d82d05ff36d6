package ai.materi.collab.service;

import ai.materi.collab.content.Contents;
import ai.materi.collab.document.Admission;
import ai.materi.collab.history.Authors;
import ai.materi.collab.history.Authorship;
import ai.materi.collab.history.HistorySettings;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.log.Recorded;
import ai.materi.collab.room.CommittedState;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.AttributedBlock;
import ai.materi.proto.collab.v1.Attribution;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Says who wrote the committed text of a document. */
final class Attributing {
    private final Rooms rooms;
    private final Workers.Pool workers;
    private final LogTables log;
    private final Authors authors;
    private final HistorySettings settings;
    private final AtOnce atOnce;

    Attributing(
            Rooms rooms,
            Workers.Pool workers,
            LogTables log,
            Authors authors,
            HistorySettings settings,
            AtOnce atOnce) {
        this.rooms = rooms;
        this.workers = workers;
        this.log = log;
        this.authors = authors;
        this.settings = settings;
        this.atOnce = atOnce;
    }

    Future<Attribution> attribution(Admission admission, String ifNoneMatch) {
        return rooms.with(admission, Room::committedState).compose(committed -> {
            String etag = committed.generation() + "-" + committed.seq() + "-attribution";
            Attribution.Builder reply = Attribution.newBuilder().setEtag(etag).setSequence(committed.seq());
            return etag.equals(ifNoneMatch)
                    ? Future.succeededFuture(reply.setNotModified(true).build())
                    : atOnce.run(() -> filled(reply, admission.documentId(), committed));
        });
    }

    private Future<Attribution> filled(Attribution.Builder reply, UUID documentId, CommittedState committed) {
        return authorship(documentId, false)
                .compose(authorship -> workers.run(
                        () -> Contents.attribution(Doc.of(committed.state()), authorship, settings.ranges())))
                .compose(blocks -> named(reply, documentId, blocks));
    }

    /** Everything that is known of who wrote the document, or also of who deleted what. */
    Future<Authorship> authorship(UUID documentId, boolean deletions) {
        return log.recorded(documentId, deletions, settings.records() + 1)
                .compose(recorded -> log.claims(documentId).compose(claims -> {
                    requireBounded(recorded);
                    return workers.run(() -> Authorship.of(recorded, claims));
                }));
    }

    private void requireBounded(Recorded recorded) {
        if (recorded.folded().size() > settings.records() || recorded.rows().size() > settings.records()) {
            throw Problem.of(
                    ProblemCode.TOO_LARGE, "More than " + settings.records() + " records say who wrote this document.");
        }
    }

    private Future<Attribution> named(Attribution.Builder reply, UUID documentId, List<AttributedBlock> blocks) {
        Contributions contributions = new Contributions();
        blocks.forEach(block -> block.getRangesList()
                .forEach(range -> contributions.add(range.getBy(), range.getTo() - range.getFrom())));
        return authors.named(documentId, contributions.everybody())
                .map(names -> reply.addAllBlocks(blocks)
                        .addAllAuthors(contributions.authors(names))
                        .build());
    }
}
