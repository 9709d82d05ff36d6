package ai.materi.collab.service;

import ai.materi.collab.content.Contents;
import ai.materi.collab.content.Format;
import ai.materi.collab.document.Admission;
import ai.materi.collab.page.PagePosition;
import ai.materi.collab.room.CommittedState;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.version.KeptVersion;
import ai.materi.collab.version.PackedState;
import ai.materi.collab.version.VersionTables;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.DeleteVersionReply;
import ai.materi.proto.collab.v1.Version;
import ai.materi.proto.collab.v1.VersionPage;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Versions of documents, for callers who were admitted. */
final class Versions {
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    private final Rooms rooms;
    private final Workers.Pool workers;
    private final Renderings renderings;
    private final VersionTables tables;

    Versions(Rooms rooms, Workers.Pool workers, Renderings renderings, VersionTables tables) {
        this.rooms = rooms;
        this.workers = workers;
        this.renderings = renderings;
        this.tables = tables;
    }

    Future<Version> create(Admission admission, UUID author, CreateVersionRequest request) {
        String name = VersionName.of(request.getName());
        UUID id = request.getVersionId().isEmpty() ? IDS.generate() : chosenId(request.getVersionId());
        VersionTables.Wanted wanted = new VersionTables.Wanted(admission.documentId(), id, name, author);
        return rooms.with(admission, Room::committedState)
                .compose(committed -> keep(wanted, committed))
                .map(Versions::message);
    }

    Future<VersionPage> list(Admission admission, int limit, String cursor) {
        int items = PageLimit.of(limit);
        return tables.list(admission.documentId(), PagePosition.parse(cursor), items + 1)
                .map(found -> page(found, items));
    }

    Future<Version> get(Admission admission, String id) {
        return find(admission, id).map(Versions::message);
    }

    /** A version never changes, and neither does the ETag of its content: that of the live document at that moment. */
    Future<Content> content(Admission admission, String id, Format format, String ifNoneMatch) {
        return find(admission, id).compose(version -> {
            Etag etag = new Etag(version.generation(), version.seq(), format);
            Content.Builder content =
                    Content.newBuilder().setEtag(etag.toString()).setSequence(etag.seq());
            if (etag.toString().equals(ifNoneMatch)) {
                return Future.succeededFuture(content.setNotModified(true).build());
            }
            return rendered(version, etag)
                    .map(bytes -> content.setContent(UnsafeByteOperations.unsafeWrap(bytes))
                            .build());
        });
    }

    Future<Version> rename(Admission admission, String id, String name) {
        return tables.rename(admission.documentId(), id(id), VersionName.of(name))
                .map(renamed -> message(renamed.orElseThrow(Versions::unknown)));
    }

    Future<DeleteVersionReply> delete(Admission admission, String id) {
        return tables.delete(admission.documentId(), id(id)).map(deleted -> {
            if (!deleted) {
                throw unknown();
            }
            return DeleteVersionReply.getDefaultInstance();
        });
    }

    /** Keeps what stands before it is replaced, unless a version of it is there. */
    Future<KeptVersion> keepBefore(UUID documentId, UUID author, CommittedState present) {
        return keep(new VersionTables.Wanted(documentId, IDS.generate(), null, author), present);
    }

    Future<PackedState> state(Admission admission, String id) {
        return state(admission.documentId(), id(id));
    }

    private Future<KeptVersion> keep(VersionTables.Wanted wanted, CommittedState committed) {
        return workers.run(() -> PackedState.of(committed.state()))
                .compose(packed -> tables.keep(wanted, committed, packed))
                .map(kept -> kept.orElseThrow(() -> Problem.of(
                        ProblemCode.CONFLICT,
                        "This document keeps as many versions, or bytes of them, as it may; delete some first.")));
    }

    private Future<byte[]> rendered(KeptVersion version, Etag etag) {
        byte[] kept = renderings.get(version.documentId(), etag);
        if (kept != null) {
            return Future.succeededFuture(kept);
        }
        return state(version.documentId(), version.id())
                .compose(packed -> workers.run(() -> Contents.render(Doc.of(packed.unpack()), etag.format())))
                .onSuccess(content -> renderings.keep(version.documentId(), etag, content));
    }

    private Future<PackedState> state(UUID documentId, UUID id) {
        return tables.state(documentId, id).map(state -> state.orElseThrow(Versions::unknown));
    }

    Future<KeptVersion> find(Admission admission, String id) {
        return tables.find(admission.documentId(), id(id)).map(found -> found.orElseThrow(Versions::unknown));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw unknown();
        }
    }

    private static UUID chosenId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(ProblemCode.INVALID_FIELD, "This is no UUID.", Map.of("field", "version_id"));
        }
    }

    private static Problem unknown() {
        return Problem.of(ProblemCode.NOT_FOUND, "There is no such version.");
    }

    private static VersionPage page(List<KeptVersion> found, int limit) {
        List<KeptVersion> items = found.subList(0, Math.min(limit, found.size()));
        VersionPage.Builder page = VersionPage.newBuilder();
        items.forEach(version -> page.addItems(message(version)));
        if (found.size() > limit) {
            KeptVersion last = items.get(limit - 1);
            page.setNext(new PagePosition(last.createdAt(), last.id()).cursor());
        }
        return page.build();
    }

    static Version message(KeptVersion version) {
        return Version.newBuilder()
                .setDocumentId(version.documentId().toString())
                .setId(version.id().toString())
                .setName(version.name() == null ? "" : version.name())
                .setSequence(version.seq())
                .setSize(version.size())
                .setCreatedBy(version.author() == null ? "" : version.author().toString())
                .setCreatedAt(version.createdAt().toInstant().toString())
                .build();
    }
}
