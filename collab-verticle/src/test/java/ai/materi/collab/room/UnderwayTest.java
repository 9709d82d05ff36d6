package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnderwayTest {
    private static final int BOUND = 1_000;

    private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final Underway underway =
            new Underway(BOUND, new Posts(), () -> told.add("pause"), () -> told.add("resume"));

    /** Holds what is posted until the test has it done. */
    private final class Posts implements Loop {
        @Override
        public void run(Runnable task) {
            task.run();
        }

        @Override
        public void post(Runnable task) {
            posted.add(task);
        }
    }

    @Test
    void fewSmallMessagesAreReadOn() {
        for (int i = 0; i < 511; i++) {
            underway.begin(1);
        }

        assertThat(told).isEmpty();
        assertThat(underway.isBusy()).isFalse();
    }

    @Test
    void manyMessagesPauseUntilHalfOfThemAreDone() {
        begin(600, 0);
        assertThat(told).containsExactly("pause");

        done(343, 0);
        assertThat(underway.isBusy()).isTrue();

        done(1, 0);
        assertThat(told).containsExactly("pause", "resume");
        assertThat(underway.isBusy()).isFalse();
    }

    @Test
    void manyBytesPauseUntilHalfOfThemAreDone() {
        begin(4, 250);
        assertThat(told).containsExactly("pause");

        done(1, 250);
        assertThat(underway.isBusy()).isTrue();

        done(1, 250);
        assertThat(told).containsExactly("pause", "resume");
    }

    @Test
    void oneMessageMayBeLargerThanAllThatMayWait() {
        begin(1, 10 * BOUND);
        done(1, 10 * BOUND);

        assertThat(told).containsExactly("pause", "resume");
    }

    @Test
    void fewBytesDoNotResumeWhatManyMessagesPaused() {
        begin(600, 0);
        begin(1, BOUND);

        done(1, BOUND);
        assertThat(underway.isBusy()).isTrue();

        done(344, 0);
        assertThat(told).containsExactly("pause", "resume");
    }

    @Test
    void whatCameMeanwhileIsLookedAtBeforeReadingOn() {
        begin(4, 250);
        underway.done(250);
        underway.done(250);
        underway.begin(500);

        turn();
        assertThat(underway.isBusy()).isTrue();

        done(1, 500);
        assertThat(told).containsExactly("pause", "resume");
    }

    private void begin(int times, int bytes) {
        for (int i = 0; i < times; i++) {
            underway.begin(bytes);
        }
    }

    private void done(int times, int bytes) {
        for (int i = 0; i < times; i++) {
            underway.done(bytes);
        }
        turn();
    }

    private void turn() {
        while (!posted.isEmpty()) {
            posted.remove().run();
        }
    }
}
