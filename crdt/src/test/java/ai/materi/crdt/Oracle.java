package ai.materi.crdt;

import java.util.List;
import java.util.Map;

/** Does to documents of its own what it is asked, and says what came of it. */
@FunctionalInterface
interface Oracle {
    /** The answers to requests, each a JSON array; one that failed has an {@code error}. */
    List<Map<String, Object>> answers(List<String> requests);
}
