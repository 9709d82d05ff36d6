package ai.materi.gateway.bench;

import java.time.Duration;
import java.util.Locale;

/**
 * Processor time, by who used it: what a request costs, and whom to blame when a rate is low.
 *
 * @param server the process that is measured
 * @param services PostgreSQL and Redis, which are children of the node
 * @param generator this process
 * @param atNanos when it was looked at
 */
public record Cores(Duration server, Duration services, Duration generator, long atNanos) {
    /**
     * What was used up to now.
     *
     * @param node whose children are the services, measured or not
     */
    public static Cores now(ProcessHandle server, ProcessHandle node) {
        return new Cores(
                used(server),
                node.descendants().map(Cores::used).reduce(Duration.ZERO, Duration::plus),
                used(ProcessHandle.current()),
                System.nanoTime());
    }

    private static Duration used(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What was used since then. */
    public Used since(Cores before) {
        return new Used(
                server.minus(before.server),
                services.minus(before.services),
                generator.minus(before.generator),
                (atNanos - before.atNanos) / 1e9);
    }

    /** Processor time in a stretch of {@code seconds}. */
    public record Used(Duration server, Duration services, Duration generator, double seconds) {
        /** In microseconds for each of so many requests: holds, unlike a rate, also where others use the machine. */
        public String each(long requests) {
            return String.format(
                    Locale.ROOT,
                    "%.0f µs server, %.0f µs PostgreSQL and Redis, %.0f µs generator; %.2f cores busy",
                    micros(server, requests),
                    micros(services, requests),
                    micros(generator, requests),
                    server.plus(services).plus(generator).toNanos() / 1e9 / seconds);
        }

        /** In microseconds for each of so many. */
        public static double micros(Duration used, long requests) {
            return used.toNanos() / 1000.0 / Math.max(1, requests);
        }
    }
}
