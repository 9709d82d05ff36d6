package ai.materi.gateway.document;

import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.DocumentRegistration;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.RegisterDocumentRequest;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * How a document comes into being: Shield learns of it, Relay gets its first content, and then its row is stored, with which it
 * is there for everybody. What is cut in between shows nowhere, and can be carried out again with the same id.
 */
final class Creation {
    private final Services services;
    private final Documents documents;
    private final Trash trash;

    Creation(Services services, Documents documents, Trash trash) {
        this.services = services;
        this.documents = documents;
        this.trash = trash;
    }

    Future<StoredDocument> create(NewDocument wanted) {
        return requireParent(wanted)
                .compose(parent -> register(wanted))
                .compose(workspace -> write(wanted)
                        .compose(written -> documents.create(wanted, workspace))
                        .recover(failure -> withdraw(wanted, failure)));
    }

    private Future<Void> requireParent(NewDocument wanted) {
        return wanted.parentId() == null
                ? Future.succeededFuture()
                : documents
                        .read(wanted.parentId())
                        .recover(failure -> Future.failedFuture(
                                isProblem(failure, ProblemCode.NOT_FOUND) ? Refusals.of("parent_unknown") : failure))
                        .mapEmpty();
    }

    /** Answers the id of the workspace. */
    private Future<UUID> register(NewDocument wanted) {
        return services.auth()
                .registerDocument(RegisterDocumentRequest.newBuilder()
                        .setDocumentId(wanted.id().toString())
                        .setWorkspace(wanted.workspace())
                        .build())
                .map(DocumentRegistration::getWorkspaceId)
                .map(UUID::fromString);
    }

    private Future<Void> write(NewDocument wanted) {
        ByteString content = wanted.content();
        if (content == null || content.isEmpty()) {
            return Future.succeededFuture();
        }
        return services.collab()
                .replaceContent(ReplaceContentRequest.newBuilder()
                        .setDocumentId(wanted.id().toString())
                        .setFormat(wanted.format().proto())
                        .setContent(content)
                        .setInitial(true)
                        .build())
                .<Void>mapEmpty()
                .recover(failure -> isProblem(failure, ProblemCode.ETAG_MISMATCH)
                        ? Future.succeededFuture() // a first attempt got this far
                        : Future.failedFuture(failure));
    }

    /** What was refused for good must not keep its workspace from being deleted. */
    private Future<StoredDocument> withdraw(NewDocument wanted, Throwable failure) {
        boolean refused = failure instanceof Problem problem && problem.code().httpStatus() < 500;
        Future<Void> withdrawn =
                refused ? trash.tell(wanted.id(), DocumentState.DOCUMENT_STATE_TRASHED) : Future.succeededFuture();
        return withdrawn.transform(done -> Future.failedFuture(failure));
    }

    private static boolean isProblem(Throwable failure, ProblemCode code) {
        return failure instanceof Problem problem && problem.code() == code;
    }
}
