package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final int ATTEMPTS = 500;

    @Test
    void fewOperationsAreLeftOfAHistoryInWhichAnEngineIsWrongOnceAnUpdateInFormatV2HasCome() throws Exception {
        try (YjsOracle oracle = YjsOracle.start()) {
            History failing = failing(oracle);

            int[] attempts = new int[1];
            Divergence divergence = Objects.requireNonNull(failure(failing, oracle));
            History smallest =
                    new Shrinker(h -> failure(h, oracle), () -> attempts[0]++ < ATTEMPTS, failing, divergence).shrink();

            assertThat(failing.operations()).hasSizeGreaterThan(50);
            assertThat(smallest.operations())
                    .as("of -Dcrdt.seed=%d", failing.seed())
                    .hasSizeLessThan(10);
            assertThat(failure(smallest, oracle)).isNotNull();
        }
    }

    private static History failing(Oracle oracle) {
        SplittableRandom seeds = new SplittableRandom(7);
        History history = History.of(seeds.nextLong());
        for (int i = 0; i < 20; i++) {
            Divergence divergence = failure(history, oracle);
            if (divergence != null && divergence.operation() > 50) {
                return history;
            }
            history = History.of(seeds.nextLong());
        }
        throw new AssertionError("none of twenty histories fails late");
    }

    private static @Nullable Divergence failure(History history, Oracle oracle) {
        try {
            Replay.of(history, new Wrong(oracle), true);
            return null;
        } catch (Divergence divergence) {
            return divergence;
        }
    }

    /** Merges wrongly after it has taken in an update in format v2. */
    private static final class Wrong implements Oracle {
        private final Oracle right;
        private boolean isWrong;

        Wrong(Oracle right) {
            this.right = right;
        }

        @Override
        public List<Map<String, Object>> answers(List<String> requests) {
            List<Map<String, Object>> answers = new ArrayList<>(right.answers(requests));
            for (int i = 0; i < requests.size(); i++) {
                isWrong |= requests.get(i).startsWith("[\"applyV2\"");
                if (isWrong && requests.get(i).startsWith("[\"merge\"")) {
                    Map<String, Object> altered = new HashMap<>(answers.get(i));
                    altered.put("update", "altered");
                    answers.set(i, altered);
                }
            }
            return answers;
        }
    }
}
