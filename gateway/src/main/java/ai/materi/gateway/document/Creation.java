package ai.materi.gateway.document;

import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.DocumentRegistration;
import ai.materi.proto.auth.v1.RegisterDocumentRequest;
import ai.materi.proto.auth.v1.WithdrawDocumentRequest;
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

    Creation(Services services, Documents documents) {
        this.services = services;
        this.documents = documents;
    }

    Future<StoredDocument> create(NewDocument wanted) {
        return requireParent(wanted)
                .compose(parent -> register(wanted))
                .compose(registration -> write(wanted)
                        .compose(written -> documents.create(wanted, UUID.fromString(registration.getWorkspaceId())))
                        .recover(failure -> withdraw(registration, failure)));
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

    private Future<DocumentRegistration> register(NewDocument wanted) {
        return services.auth()
                .registerDocument(RegisterDocumentRequest.newBuilder()
                        .setDocumentId(wanted.id().toString())
                        .setWorkspace(wanted.workspace())
                        .build());
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

    /** What was refused for good must not keep its workspace from being deleted. What an earlier attempt left is not ours. */
    private Future<StoredDocument> withdraw(DocumentRegistration registration, Throwable failure) {
        boolean refused = failure instanceof Problem problem && problem.code().httpStatus() < 500;
        Future<?> withdrawn = refused && registration.getFresh()
                ? services.auth()
                        .withdrawDocument(WithdrawDocumentRequest.newBuilder()
                                .setDocumentId(registration.getDocumentId())
                                .build())
                : Future.succeededFuture();
        return withdrawn.transform(done -> Future.failedFuture(failure));
    }

    private static boolean isProblem(Throwable failure, ProblemCode code) {
        return failure instanceof Problem problem && problem.code() == code;
    }
}
