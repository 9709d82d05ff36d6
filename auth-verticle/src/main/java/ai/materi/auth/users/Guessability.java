package ai.materi.auth.users;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.List;
import java.util.Map;

/**
 * How soon somebody who knows people would guess a password (zxcvbn, Wheeler 2016). The dictionaries take a while to load:
 * the first judgement does that, not the start of a node.
 */
final class Guessability {
    /** Matching takes more than linear time, and what is hard after so many characters stays hard. */
    private static final int JUDGED_CHARACTERS = 64;

    private final int minScore;

    Guessability(int minScore) {
        this.minScore = minScore;
    }

    private static final class Dictionaries {
        private static final Zxcvbn ZXCVBN = new Zxcvbn();
    }

    void requireHard(String password, String email, String name) {
        String judged = password.substring(0, Math.min(password.length(), JUDGED_CHARACTERS));
        int score = Dictionaries.ZXCVBN
                .measure(judged, List.of(email, name, localPart(email), "materi"))
                .getScore();
        if (score < minScore) {
            throw Problem.of(
                    ProblemCode.WEAK_PASSWORD,
                    "This password is easy to guess. Several words that do not belong together make a better one.",
                    Map.of("field", "password"));
        }
    }

    private static String localPart(String email) {
        return email.substring(0, email.indexOf('@'));
    }
}
