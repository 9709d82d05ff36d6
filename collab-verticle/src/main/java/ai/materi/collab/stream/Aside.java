package ai.materi.collab.stream;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.UUID;

/**
 * Something that a caller says beside its open stream.
 *
 * @param streamId as {@code SyncOpened} told it: the id of its node, a full stop, and what nobody guesses
 * @param userId who says it, verified
 * @param payload a Yjs update of format v1, or an awareness update
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Aside(Kind kind, String streamId, UUID documentId, UUID userId, byte[] payload) {
    /** What it is. */
    public enum Kind {
        UPDATE,
        PRESENCE
    }

    private static final int MAX_ID = 200;

    /** Refuses what is no stream's id with the problem that a stream's end gives. */
    public Aside {
        if (streamId.length() > MAX_ID || streamId.indexOf('.') < 1) {
            throw gone();
        }
    }

    /** The node that holds the stream. */
    String node() {
        return streamId.substring(0, streamId.lastIndexOf('.'));
    }

    static Problem gone() {
        return Problem.of(ProblemCode.CONFLICT, "The stream is not open, or not yours; open it again.");
    }
}
