package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/** A Yjs update as content: it is an edit already, and merges by itself. */
final class YjsFormat {
    private YjsFormat() {}

    static void apply(Doc doc, byte[] update, byte @Nullable [] base) {
        if (base != null) {
            throw Problem.of(ProblemCode.UNSUPPORTED_FORMAT, "A Yjs update merges by itself and takes no base.");
        }
        if (update.length > Bounds.BYTES) {
            throw Problem.of(ProblemCode.TOO_LARGE, "The update is larger than " + Bounds.BYTES + " bytes.");
        }
        try {
            doc.applyUpdate(update, Contents.ORIGIN);
        } catch (MalformedUpdateException e) {
            throw Bounds.invalid("The content is not a Yjs update: " + e.getMessage() + ".");
        }
    }
}
