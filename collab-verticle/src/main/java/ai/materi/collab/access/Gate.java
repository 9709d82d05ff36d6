package ai.materi.collab.access;

import ai.materi.collab.document.Admission;
import ai.materi.collab.document.DocumentName;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.DocumentState;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks Shield whether somebody may open a document, and whether to write in it; of a sub-document, what its root says. */
public final class Gate {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Services services;

    public Gate(Services services) {
        this.services = services;
    }

    /** Fails with {@code not_found} when the document does not exist for that principal. */
    public Future<Admission> admit(Principal principal, @Nullable String token, DocumentName document) {
        CallContext call = new CallContext(
                principal,
                token,
                Instant.now().plus(PATIENCE),
                UUID.randomUUID().toString(),
                null);
        return call.call(() -> admit(document, Action.ACTION_WRITE));
    }

    /** The same for the caller of the current call, who must be able to write when {@code writes}. */
    public Future<Admission> admitCaller(DocumentName document, boolean writes) {
        return admit(document, writes ? Action.ACTION_WRITE : Action.ACTION_READ)
                .compose(admission -> {
                    if (writes && !admission.writes()) {
                        return Future.failedFuture(
                                Problem.of(ProblemCode.FORBIDDEN, "You may read this document, but not write in it."));
                    }
                    return Future.succeededFuture(admission);
                });
    }

    private Future<Admission> admit(DocumentName document, Action action) {
        AuthorizeRequest request = AuthorizeRequest.newBuilder()
                .setDocumentId(document.root().toString())
                .setAction(action)
                .build();
        return services.auth().authorize(request).map(answer -> admission(document, action, answer));
    }

    private static Admission admission(DocumentName document, Action action, Authorization answer) {
        boolean readable = action == Action.ACTION_WRITE || answer.getAllowed();
        if (!readable || answer.getState() != DocumentState.DOCUMENT_STATE_ACTIVE) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
        }
        return new Admission(
                document,
                UUID.fromString(answer.getWorkspaceId()),
                action == Action.ACTION_WRITE && answer.getAllowed());
    }
}
