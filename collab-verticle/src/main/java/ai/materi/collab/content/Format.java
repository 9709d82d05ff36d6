package ai.materi.collab.content;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;

/** The formats in which content enters and leaves. */
public enum Format {
    /** GitHub Flavored Markdown; also what content without a format is. */
    MARKDOWN,
    HTML,
    TEXT,
    /** ProseMirror's JSON with the root type {@code doc}. */
    PROSEMIRROR,
    /** Yjs update format v1. */
    YJS;

    /** The format that a message names; Markdown where it names none. Throws unsupported_format. */
    public static Format of(ai.materi.proto.collab.v1.Format format) {
        return switch (format) {
            case FORMAT_UNSPECIFIED, FORMAT_MARKDOWN -> MARKDOWN;
            case FORMAT_HTML -> HTML;
            case FORMAT_TEXT -> TEXT;
            case FORMAT_PROSEMIRROR -> PROSEMIRROR;
            case FORMAT_YJS -> YJS;
            case UNRECOGNIZED -> throw Problem.of(ProblemCode.UNSUPPORTED_FORMAT, "There is no such format.");
        };
    }
}
