package ai.materi.collab.room;

import ai.materi.collab.document.Admission;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.log.LogTables;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sub-documents a document may have: in the log, where one is stored as soon as somebody has it open who may write in
 * it, and, twice as many, live on this node, where readers may open what nobody has written in. May be called on any thread.
 */
public final class SubDocuments {
    private final LogTables tables;
    private final RoomMeters meters;
    private final int most;
    private final ConcurrentHashMap<UUID, Integer> live = new ConcurrentHashMap<>();
    private final Set<UUID> nowhere = ConcurrentHashMap.newKeySet();

    public SubDocuments(LogTables tables, RoomSettings settings, RoomMeters meters) {
        this.tables = tables;
        this.meters = meters;
        this.most = settings.subDocuments();
    }

    /** Whether a failure says that a document has as many as it may. */
    static boolean tooMany(Throwable failure) {
        return failure instanceof Problem problem && problem.code() == ProblemCode.CONFLICT;
    }

    /** Before a document becomes live; false when too many of the same root are. {@link #leave} is to follow, if true. */
    boolean enter(DocumentName name) {
        if (!name.isSubDocument() || live.merge(name.root(), 1, Integer::sum) <= 2 * most) {
            return true;
        }
        gone(name.root());
        meters.met(Limit.SUB_DOCUMENTS);
        return false;
    }

    void leave(DocumentName name) {
        if (name.isSubDocument()) {
            nowhere.remove(name.id());
            gone(name.root());
        }
    }

    boolean anyLive(UUID root) {
        return live.containsKey(root);
    }

    private void gone(UUID root) {
        live.computeIfPresent(root, (id, count) -> count > 1 ? count - 1 : null);
    }

    /** A live one is in no log. */
    void nowhere(UUID id) {
        nowhere.add(id);
    }

    boolean isNowhere(UUID id) {
        return nowhere.contains(id);
    }

    /** Makes sure that the log has it. Fails with {@code conflict} when the document has as many as it may. */
    Future<Void> store(Admission admission) {
        return tables.ensure(admission.name(), admission.workspaceId(), most).compose(stored -> {
            if (!stored) {
                meters.met(Limit.SUB_DOCUMENTS);
                return Future.failedFuture(
                        Problem.of(ProblemCode.CONFLICT, "The document has as many sub-documents as it may."));
            }
            nowhere.remove(admission.documentId());
            return Future.succeededFuture();
        });
    }
}
