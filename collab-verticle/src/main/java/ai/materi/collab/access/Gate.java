package ai.materi.collab.access;

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

/** Asks Shield whether somebody may open a document, and whether to write in it. */
public final class Gate {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Services services;

    public Gate(Services services) {
        this.services = services;
    }

    /** Fails with {@code not_found} when the document does not exist for that principal. */
    public Future<Admission> admit(Principal principal, @Nullable String token, UUID documentId) {
        CallContext call = new CallContext(
                principal,
                token,
                Instant.now().plus(PATIENCE),
                UUID.randomUUID().toString(),
                null);
        return call.call(() -> admit(documentId, Action.ACTION_WRITE));
    }

    /** The same for the caller of the current call, who must be able to write when {@code writes}. */
    public Future<Admission> admitCaller(UUID documentId, boolean writes) {
        return admit(documentId, writes ? Action.ACTION_WRITE : Action.ACTION_READ)
                .compose(admission -> {
                    if (writes && !admission.writes()) {
                        return Future.failedFuture(
                                Problem.of(ProblemCode.FORBIDDEN, "You may read this document, but not write in it."));
                    }
                    return Future.succeededFuture(admission);
                });
    }

    private Future<Admission> admit(UUID documentId, Action action) {
        AuthorizeRequest request = AuthorizeRequest.newBuilder()
                .setDocumentId(documentId.toString())
                .setAction(action)
                .build();
        return services.auth().authorize(request).map(answer -> admission(documentId, action, answer));
    }

    private static Admission admission(UUID documentId, Action action, Authorization answer) {
        boolean readable = action == Action.ACTION_WRITE || answer.getAllowed();
        if (!readable || answer.getState() != DocumentState.DOCUMENT_STATE_ACTIVE) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
        }
        return new Admission(
                documentId,
                UUID.fromString(answer.getWorkspaceId()),
                action == Action.ACTION_WRITE && answer.getAllowed());
    }
}
