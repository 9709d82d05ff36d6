package ai.materi.gateway.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one editor did, in its order: each edit writes a mark that exists once in the world, or erases one of its own. Sent
 * is what stands here; acknowledged is a beginning of it; the rest is unknown.
 */
final class Ledger {
    private record Edit(String mark, boolean erasure) {}

    private final String author;
    private final List<Edit> edits = new ArrayList<>();
    private int acknowledged;

    /** @param author lower-case letters and digits, nobody else's */
    Ledger(String author) {
        this.author = author;
    }

    /** Of the next edit, to be noted with {@link #wrote}. */
    synchronized String nextMark() {
        return "<" + author + "-" + edits.size() + ">";
    }

    synchronized void wrote(String mark) {
        edits.add(new Edit(mark, false));
    }

    synchronized void erased(String mark) {
        edits.add(new Edit(mark, true));
    }

    /** The last one that was written and is not acknowledged; empty when all are. */
    synchronized String lastUnacknowledged() {
        for (int i = edits.size() - 1; i >= acknowledged; i--) {
            if (!edits.get(i).erasure()) {
                return edits.get(i).mark();
            }
        }
        return "";
    }

    /** How many edits there are. */
    synchronized int sent() {
        return edits.size();
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    /** The first so many edits are committed, as the server says. */
    synchronized void acknowledge(int upTo) {
        acknowledged = Math.max(acknowledged, upTo);
    }

    /** What a document that ends here has to hold. */
    synchronized List<Expectation> expectations() {
        Set<String> safelyErased = marks(acknowledged, true);
        Set<String> erased = marks(edits.size(), true);
        Set<String> safe = marks(acknowledged, false);
        Map<String, Expectation> all = new HashMap<>();
        for (String mark : marks(edits.size(), false)) {
            int least = safe.contains(mark) && !erased.contains(mark) ? 1 : 0;
            all.put(mark, new Expectation(mark, least, safelyErased.contains(mark) ? 0 : 1));
        }
        return List.copyOf(all.values());
    }

    private Set<String> marks(int upTo, boolean erasures) {
        Set<String> marks = new HashSet<>();
        for (Edit edit : edits.subList(0, upTo)) {
            if (edit.erasure() == erasures) {
                marks.add(edit.mark());
            }
        }
        return marks;
    }
}
