package ai.materi.collab.content;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What both sides changed in ways that cannot both stand. */
final class Conflicts {
    private static final int EXCERPT = 120;
    private static final int NAMED = 50;

    /** Whose change stands where both cannot. */
    enum Rule {
        /** Neither: the write is refused. */
        REFUSE,
        /** The caller's: it has seen the present state. */
        CALLER,
        /** The others': they are people, the caller is an agent that types. */
        OTHERS
    }

    private final List<Map<String, Object>> blocks = new ArrayList<>();
    private int count;

    /** Names a base block; {@code present} is what became of it, null when it was deleted. */
    void add(Element base, @Nullable Element present) {
        count++;
        if (blocks.size() < NAMED) {
            Map<String, Object> block = new LinkedHashMap<>();
            if (present != null && present.source() != null) {
                block.put("id", present.source().id());
            }
            block.put("excerpt", excerpt((present == null ? base : present).plainText()));
            blocks.add(block);
        }
    }

    static String excerpt(String text) {
        String line = text.replace('\n', ' ').strip();
        if (line.length() <= EXCERPT) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
        return line.substring(0, end) + "…";
    }

    int count() {
        return count;
    }

    /** Throws merge_conflict, with the blocks, if there are any. */
    void refuse() {
        if (count > 0) {
            throw Problem.of(
                    ProblemCode.MERGE_CONFLICT,
                    "Others changed " + (count == 1 ? "a block" : count + " blocks") + " that you changed, too.",
                    Map.of("blocks", List.copyOf(blocks)));
        }
    }
}
