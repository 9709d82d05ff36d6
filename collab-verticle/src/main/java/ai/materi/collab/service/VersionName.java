package ai.materi.collab.service;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.Map;

/** What a version may be called. */
final class VersionName {
    private static final int MAX_LENGTH = 120;

    private VersionName() {}

    /** The name without blanks around it; fails with {@code invalid_field}. */
    static String of(String asked) {
        String name = asked.strip();
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX_LENGTH || name.codePoints().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                    ProblemCode.INVALID_FIELD,
                    "A version's name has 1 to " + MAX_LENGTH + " characters on one line.",
                    Map.of("field", "name"));
        }
        return name;
    }
}
