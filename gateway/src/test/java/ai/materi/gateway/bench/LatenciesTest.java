package ai.materi.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void knowsItsPercentilesWithinOnePercent() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 100_000; micros++) {
            latencies.record(TimeUnit.MICROSECONDS.toNanos(micros));
        }

        assertThat(latencies.millis(0.5)).isCloseTo(50, Percentage.withPercentage(1));
        assertThat(latencies.millis(0.99)).isCloseTo(99, Percentage.withPercentage(1));
        assertThat(latencies.millis(0.0001)).isCloseTo(0.01, within(0.0001));
        assertThat(latencies.longestMillis()).isEqualTo(100);
    }

    @Test
    void addsUpRounds() {
        Latencies first = new Latencies();
        first.record(TimeUnit.MILLISECONDS.toNanos(1));
        Latencies second = new Latencies();
        second.record(TimeUnit.MILLISECONDS.toNanos(7));

        first.add(second);

        assertThat(first.count()).isEqualTo(2);
        assertThat(first.millis(1)).isEqualTo(7);
    }

    @Test
    void countsWhatIsLongerThanItsLastBucketAsThat() {
        Latencies latencies = new Latencies();

        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.millis(0.5)).isEqualTo(120_000);
    }
}
