package ai.materi.gateway.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one or several measurements of the same thing gave.
 *
 * @param wrong how often each status came that should not have; {@link Line#BROKEN} for no answer
 * @param made requests, those of the warm-up included
 */
record Outcome(Latencies latencies, Map<Integer, Long> wrong, double seconds, long made) {
    long requests() {
        return latencies.count();
    }

    long errors() {
        return wrong.values().stream().mapToLong(Long::longValue).sum();
    }

    double errorShare() {
        return requests() == 0 ? 1 : (double) errors() / requests();
    }

    double perSecond() {
        return requests() / seconds;
    }

    Outcome plus(Outcome other) {
        Latencies both = new Latencies();
        both.add(latencies);
        both.add(other.latencies);
        Map<Integer, Long> errors = new TreeMap<>(wrong);
        other.wrong.forEach((status, times) -> errors.merge(status, times, Long::sum));
        return new Outcome(both, errors, seconds + other.seconds, made + other.made);
    }
}
