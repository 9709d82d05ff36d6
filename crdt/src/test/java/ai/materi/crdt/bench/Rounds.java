package ai.materi.crdt.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds in which implementations take turns at one task, and whose answers must agree.
 *
 * @param count of those that count, after {@value #WARM_UP} that do not
 * @param warmUpMs what takes less is repeated until then in a round that does not count: a JVM compiles what it runs often
 */
record Rounds(int count, int warmUpMs) {
    static final int WARM_UP = 2;
    /** What takes less is repeated until then in a round that counts. */
    private static final int AT_LEAST_MS = 100;

    /**
     * The median of a measurement, by name of the implementation.
     *
     * @param ends what each answer must say where it says anything about it
     * @throws IllegalStateException when two answers differ
     */
    Map<String, Double> median(List<Engine> engines, String measurement, Map<String, ?> request, Map<String, ?> ends)
            throws IOException {
        Map<Object, Object> agreed = new HashMap<>(ends);
        Map<String, List<Double>> all = new LinkedHashMap<>();
        Map<String, Object> timed = new LinkedHashMap<>(request);
        for (int round = 0; round < WARM_UP + count; round++) {
            timed.put("atLeastMs", round < WARM_UP ? warmUpMs : AT_LEAST_MS);
            for (Engine engine : engines) {
                Map<?, ?> answer = engine.ask(timed);
                requireAgreement(agreed, engine, answer, request);
                if (round >= WARM_UP && answer.get(measurement) instanceof Number number) {
                    all.computeIfAbsent(engine.name(), name -> new ArrayList<>())
                            .add(number.doubleValue());
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach((name, values) -> medians.put(name, median(values)));
        return medians;
    }

    private static void requireAgreement(
            Map<Object, Object> agreed, Engine engine, Map<?, ?> answer, Map<String, ?> request) {
        answer.forEach((key, value) -> {
            Object other = agreed.putIfAbsent(key, value);
            if (value instanceof String && other != null && !other.equals(value)) {
                throw new IllegalStateException(
                        engine.name() + " ends with another " + key + " than the others at " + request);
            }
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
