package ai.materi.collab.content;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The bounds of content, and the refusals that name them. */
final class Bounds {
    /** Bytes of one piece of content, in any format. */
    static final int BYTES = 32 * 1024 * 1024;
    /** Levels of nodes, the document's root not counted. */
    static final int DEPTH = 100;
    /** Nodes of one piece of content, stretches of text included. */
    static final int NODES = 200_000;

    private Bounds() {}

    static Problem invalid(String detail) {
        return Problem.of(ProblemCode.CONTENT_INVALID, detail);
    }

    static void checkDepth(int depth) {
        if (depth > DEPTH) {
            throw invalid("The content is nested more than " + DEPTH + " levels deep.");
        }
    }

    static void checkNodes(int nodes) {
        if (nodes > NODES) {
            throw invalid("The content has more than " + NODES + " nodes.");
        }
    }

    /** Decodes UTF-8 strictly; U+0000, which no text may hold, becomes U+FFFD and line ends become {@code \n}. */
    static String decode(byte[] bytes) {
        if (bytes.length > BYTES) {
            throw Problem.of(ProblemCode.TOO_LARGE, "The content is larger than " + BYTES + " bytes.");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return clean(text);
        } catch (CharacterCodingException e) {
            throw invalid("The content is not valid UTF-8.");
        }
    }

    /** U+0000 becomes U+FFFD, and line ends become {@code \n}. */
    static String clean(String text) {
        String lines =
                text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
        return lines.replace('\0', '\uFFFD');
    }

    /** Encodes as UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
    static byte[] encode(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return out.toString();
    }
}
