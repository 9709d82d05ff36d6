package ai.materi.gateway.bench;

import java.time.Duration;
import java.util.Locale;

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

    /** Cores that were busy on average since then. */
    Busy since(Cores before) {
        double nanos = atNanos - before.atNanos;
        return new Busy(
                server.minus(before.server).toNanos() / nanos,
                services.minus(before.services).toNanos() / nanos,
                generator.minus(before.generator).toNanos() / nanos);
    }

    /** How many cores each kept busy. */
    record Busy(double server, double services, double generator) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.2f server, %.2f PostgreSQL and Redis, %.2f generator", server, services, generator);
        }
    }
}
