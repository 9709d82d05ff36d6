package ai.materi.collab.service;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.Map;

/** How many items a page has. */
final class PageLimit {
    private static final int MOST = 100;
    private static final int UNLESS_ASKED = 50;

    private PageLimit() {}

    /** 0 leaves it open; fails with {@code invalid_field} for what is no number of items. */
    static int of(int asked) {
        if (asked < 0 || asked > MOST) {
            throw Problem.of(
                    ProblemCode.INVALID_FIELD, "A page has 1 to " + MOST + " items.", Map.of("field", "limit"));
        }
        return asked == 0 ? UNLESS_ASKED : asked;
    }
}
