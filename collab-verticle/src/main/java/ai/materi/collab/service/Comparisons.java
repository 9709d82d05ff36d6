package ai.materi.collab.service;

import ai.materi.collab.document.Admission;
import ai.materi.collab.history.Author;
import ai.materi.collab.history.Authors;
import ai.materi.collab.history.Authorship;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Workers;
import ai.materi.proto.collab.v1.CompareVersionsRequest;
import ai.materi.proto.collab.v1.Comparison;
import ai.materi.proto.collab.v1.ComparisonForm;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Says what differs between two versions of a document, or a version and what stands now. */
final class Comparisons {
    private final Rooms rooms;
    private final Workers.Pool workers;
    private final Versions versions;
    private final Attributing attributing;
    private final Authors authors;
    private final AtOnce atOnce;
    private final int most;

    /** One of the two: where in the log it stands, and how its state is read. */
    private record Side(int generation, long seq, Supplier<Future<byte[]>> state) {}

    Comparisons(
            Rooms rooms,
            Workers.Pool workers,
            Versions versions,
            Attributing attributing,
            Authors authors,
            AtOnce atOnce,
            int most) {
        this.rooms = rooms;
        this.workers = workers;
        this.versions = versions;
        this.attributing = attributing;
        this.authors = authors;
        this.atOnce = atOnce;
        this.most = most;
    }

    Future<Comparison> compare(Admission admission, CompareVersionsRequest request) {
        return version(admission, request.getVersionId())
                .compose(from -> to(admission, request.getToVersionId())
                        .compose(to -> compare(admission.documentId(), from, to, request)));
    }

    private Future<Side> to(Admission admission, String version) {
        return version.isEmpty() ? current(admission) : version(admission, version);
    }

    private Future<Side> current(Admission admission) {
        return rooms.with(admission, Room::committedState)
                .map(committed ->
                        new Side(committed.generation(), committed.seq(), () -> workers.run(committed::state)));
    }

    private Future<Side> version(Admission admission, String id) {
        return versions.find(admission, id)
                .map(kept -> new Side(
                        kept.generation(),
                        kept.seq(),
                        () -> versions.state(admission, id).compose(packed -> workers.run(packed::unpack))));
    }

    private Future<Comparison> compare(UUID documentId, Side from, Side to, CompareVersionsRequest request) {
        boolean html = request.getForm() == ComparisonForm.COMPARISON_FORM_HTML;
        String etag = from.generation() + "-" + from.seq() + "-" + to.generation() + "-" + to.seq()
                + (html ? "-html" : "-blocks");
        Comparison.Builder reply = Comparison.newBuilder()
                .setEtag(etag)
                .setFromSequence(from.seq())
                .setToSequence(to.seq());
        return etag.equals(request.getIfNoneMatch())
                ? Future.succeededFuture(reply.setNotModified(true).build())
                : atOnce.run(() ->
                        compared(documentId, from, to).compose(compared -> filled(reply, documentId, compared, html)));
    }

    private Future<ai.materi.collab.content.Comparison> compared(UUID documentId, Side from, Side to) {
        return from.state()
                .get()
                .compose(before -> to.state()
                        .get()
                        .compose(after -> attributing
                                .authorship(documentId, true)
                                .compose(writers -> workers.run(() -> compared(before, after, writers)))));
    }

    private ai.materi.collab.content.Comparison compared(byte[] before, byte[] after, Authorship writers) {
        return ai.materi.collab.content.Comparison.of(Doc.of(before), Doc.of(after), writers, most);
    }

    private Future<Comparison> filled(
            Comparison.Builder reply, UUID documentId, ai.materi.collab.content.Comparison compared, boolean html) {
        Contributions contributions = new Contributions();
        compared.everybody().forEach(contributions::name);
        return authors.named(documentId, compared.everybody())
                .compose(named -> workers.run(() -> {
                    reply.addAllAuthors(contributions.authors(named));
                    return html
                            ? reply.setHtml(compared.html(names(named))).build()
                            : reply.addAllBlocks(compared.blocks()).build();
                }));
    }

    private static Map<UUID, String> names(Map<UUID, Author> authors) {
        Map<UUID, String> names = new HashMap<>();
        authors.forEach((id, author) -> names.put(id, author.name()));
        return names;
    }
}
