package ai.materi.collab.room;

import ai.materi.collab.frame.Withheld;
import ai.materi.crdt.StateVector;
import java.util.HashMap;
import java.util.Map;

/**
 * What one reader was not sent while too much waited for it. Of edits it is enough to know where each client's begin: the
 * reader has everything before that, so a difference from there brings what it lacks, in one update however many they were.
 */
public final class Missed {
    private static final int MAX_CLIENTS = 10_000;

    private final Map<Long, Long> from = new HashMap<>();
    private final Map<Long, Long> departed = new HashMap<>();
    private boolean edits;
    private boolean everything;
    private boolean answer;
    private boolean question;
    private boolean presence;

    public void add(Withheld withheld) {
        if (withheld instanceof Withheld.Edit edit) {
            edits = true;
            answer |= edit.answer();
            edit.from().forEach((client, clock) -> from.merge(client, clock, Math::min));
            if (from.size() > MAX_CLIENTS) {
                addEverything(false);
            }
        } else if (withheld instanceof Withheld.Presence states) {
            presence = true;
            if (departed.size() + states.departed().size() <= MAX_CLIENTS) {
                departed.putAll(states.departed());
            }
        } else if (withheld instanceof Withheld.Question) {
            question = true;
        }
    }

    /**
     * All of the document.
     *
     * @param answer whether the reader asked for it
     */
    public void addEverything(boolean answer) {
        edits = true;
        everything = true;
        this.answer |= answer;
        from.clear();
    }

    boolean edits() {
        return edits;
    }

    /** Whether the reader has asked for what it lacks. */
    boolean answer() {
        return answer;
    }

    /** Whether it was to be asked for what it has. */
    boolean question() {
        return question;
    }

    boolean presence() {
        return presence;
    }

    /** Clients whose leaving it was not told of, with their clocks. */
    Map<Long, Long> departed() {
        return departed;
    }

    /** What it has of a document that has this much. */
    StateVector known(StateVector current) {
        if (everything) {
            return StateVector.EMPTY;
        }
        Map<Long, Long> clocks = new HashMap<>();
        for (long client : current.clients()) {
            clocks.put(client, Math.min(current.get(client), from.getOrDefault(client, Long.MAX_VALUE)));
        }
        return StateVector.of(clocks);
    }
}
