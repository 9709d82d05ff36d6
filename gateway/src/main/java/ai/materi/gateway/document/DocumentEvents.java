package ai.materi.gateway.document;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.events.Outbox;
import ai.materi.proto.event.v1.DocumentCreated;
import ai.materi.proto.event.v1.DocumentMoved;
import ai.materi.proto.event.v1.DocumentPurged;
import ai.materi.proto.event.v1.DocumentRenamed;
import ai.materi.proto.event.v1.DocumentRestored;
import ai.materi.proto.event.v1.DocumentTrashed;
import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** States what happened to documents, in the transaction in which it happened. */
final class DocumentEvents {
    private static final String SOURCE = "materi/gateway";

    private final Outbox outbox;

    DocumentEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /** For the statement that creates the document, which appends it. */
    Outbox.Entry created(NewDocument document, UUID workspace) {
        DocumentCreated created = DocumentCreated.newBuilder()
                .setTitle(document.title())
                .setParentId(text(document.parentId()))
                .build();
        return outbox.entry(
                Outbox.Topic.DOCUMENTS,
                event("document.created", document.id(), workspace)
                        .setDocumentCreated(created)
                        .build());
    }

    /** A statement has appended what it was given. */
    void stated() {
        outbox.appended();
    }

    Future<Void> changed(
            SqlConnection transaction,
            UUID id,
            UUID workspace,
            DocumentChange change,
            String oldTitle,
            @Nullable UUID oldParent) {
        Future<Void> renamed = change.title() == null || change.title().equals(oldTitle)
                ? Future.succeededFuture()
                : append(transaction, renamed(id, workspace, oldTitle, change.title()));
        return !change.move() || Objects.equals(oldParent, change.parentId())
                ? renamed
                : renamed.compose(stated -> append(transaction, moved(id, workspace, oldParent, change.parentId())));
    }

    private static Event renamed(UUID id, UUID workspace, String from, String to) {
        return event("document.renamed", id, workspace)
                .setDocumentRenamed(
                        DocumentRenamed.newBuilder().setFromTitle(from).setToTitle(to))
                .build();
    }

    private static Event moved(UUID id, UUID workspace, @Nullable UUID from, @Nullable UUID to) {
        return event("document.moved", id, workspace)
                .setDocumentMoved(
                        DocumentMoved.newBuilder().setFromParentId(text(from)).setToParentId(text(to)))
                .build();
    }

    Future<Void> trashed(SqlConnection transaction, UUID workspace, List<UUID> ids) {
        return appendAll(
                transaction,
                ids.stream()
                        .map(id -> event("document.trashed", id, workspace)
                                .setDocumentTrashed(DocumentTrashed.getDefaultInstance())
                                .build())
                        .toList());
    }

    Future<Void> restored(SqlConnection transaction, UUID workspace, List<UUID> ids) {
        return appendAll(
                transaction,
                ids.stream()
                        .map(id -> event("document.restored", id, workspace)
                                .setDocumentRestored(DocumentRestored.getDefaultInstance())
                                .build())
                        .toList());
    }

    Future<Void> purged(SqlConnection transaction, UUID workspace, List<UUID> ids) {
        return appendAll(
                transaction,
                ids.stream()
                        .map(id -> event("document.purged", id, workspace)
                                .setDocumentPurged(DocumentPurged.getDefaultInstance())
                                .build())
                        .toList());
    }

    private static Event.Builder event(String type, UUID document, UUID workspace) {
        return Event.newBuilder()
                .setSource(SOURCE)
                .setType(type)
                .setSubject(document.toString())
                .setWorkspaceId(workspace.toString())
                .setActorId(CallContext.current().requirePrincipal().userId().toString());
    }

    private static String text(@Nullable UUID id) {
        return id == null ? "" : id.toString();
    }

    private Future<Void> append(SqlConnection transaction, Event event) {
        return outbox.append(transaction, Outbox.Topic.DOCUMENTS, event);
    }

    private Future<Void> appendAll(SqlConnection transaction, List<Event> events) {
        return Future.join(
                        events.stream().map(event -> append(transaction, event)).toList())
                .mapEmpty();
    }
}
