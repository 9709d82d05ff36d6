package ai.materi.collab.log;

import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. */
final class RecordingAppender implements Appender {
    private final List<Long> committed = new ArrayList<>();
    private int lost;

    @Override
    public synchronized void committed(long firstSeq, int count) {
        for (long seq = firstSeq; seq < firstSeq + count; seq++) {
            committed.add(seq);
        }
    }

    @Override
    public synchronized void lost(int count, Throwable cause) {
        lost += count;
    }

    synchronized List<Long> committed() {
        return List.copyOf(committed);
    }

    synchronized int lost() {
        return lost;
    }

    synchronized int told() {
        return committed.size() + lost;
    }
}
