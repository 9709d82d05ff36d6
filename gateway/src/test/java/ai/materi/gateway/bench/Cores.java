package ai.materi.gateway.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Processor time, by who used it: what to blame when a rate is low.
 *
 * @param server the process that is measured
 * @param services PostgreSQL and Redis, which are children of the node
 * @param generator this process
 * @param atNanos when it was looked at
 */
record Cores(Duration server, Duration services, Duration generator, long atNanos) {
    /** @param node whose children are the services, measured or not */
    static Cores now(ProcessHandle server, ProcessHandle node) {
        return new Cores(
                used(server),
                node.descendants().map(Cores::used).reduce(Duration.ZERO, Duration::plus),
                used(ProcessHandle.current()),
                System.nanoTime());
    }

    private static Duration used(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Cores that were busy on average since then, for each of the three in order. */
    double[] since(Cores before) {
        double nanos = atNanos - before.atNanos;
        return Stream.of(
                        server.minus(before.server), services.minus(before.services), generator.minus(before.generator))
                .mapToDouble(used -> used.toNanos() / nanos)
                .toArray();
    }

    static String text(double[] cores) {
        return String.format(
                Locale.ROOT, "%.2f server, %.2f PostgreSQL and Redis, %.2f generator", cores[0], cores[1], cores[2]);
    }
}
