package ai.materi.gateway.bench;

import java.util.TreeMap;

/** What came of the requests of one kind in a window. A wrong answer is an error, and its time is counted like any other. */
final class Tally {
    private final Window window;
    private final int expected;
    private final Latencies latencies = new Latencies();
    private final TreeMap<Integer, Long> wrong = new TreeMap<>();
    private long made;

    Tally(Window window, Question question) {
        this.window = window;
        this.expected = question.status();
    }

    /** @param since when the request was made, or should have been */
    void record(long since, int status) {
        made++;
        if (!window.counts(since)) {
            return;
        }
        latencies.record(System.nanoTime() - since);
        if (status != expected) {
            wrong.merge(status, 1L, Long::sum);
        }
    }

    Outcome outcome() {
        return new Outcome(latencies, wrong, window.seconds(), made);
    }
}
