package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceTest {
    @Test
    void reachesOverIslandsOnceTheGapBeforeThemIsFilled() {
        Sequence sequence = new Sequence(3);

        sequence.add(6, 7);
        sequence.add(9, 9);
        assertThat(sequence.reached()).isEqualTo(3);
        assertThat(sequence.gap()).isTrue();
        sequence.add(4, 5);

        assertThat(sequence.reached()).isEqualTo(7);
        sequence.reach(8);
        assertThat(sequence.reached()).isEqualTo(9);
        assertThat(sequence.gap()).isFalse();
    }

    @Test
    void endsTheSameInWhateverOrderTheEntriesCome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Long> numbers = new ArrayList<>();
        for (long i = 1; i <= 200; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, random);
        Sequence sequence = new Sequence(0);

        numbers.forEach(number -> sequence.add(number, number));

        assertThat(sequence.reached()).as("seed %d", seed).isEqualTo(200);
        assertThat(sequence.gap()).as("seed %d", seed).isFalse();
    }
}
