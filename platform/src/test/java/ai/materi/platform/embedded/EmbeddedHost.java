package ai.materi.platform.embedded;

import java.lang.ref.Reference;
import java.nio.file.Path;

/** A process with both servers, to be killed: prints their ids and ports' URLs, then waits for ever. */
final class EmbeddedHost {
    private EmbeddedHost() {}

    public static void main(String[] args) throws Exception {
        Path data = Path.of(args[0]);
        DataLock lock = DataLock.take(data);
        try {
            serve(data);
        } finally {
            // Else it is collected, and the folder free, while this waits.
            Reference.reachabilityFence(lock);
        }
    }

    private static void serve(Path data) throws Exception {
        Programs programs = Programs.cachedOr(data);
        long begin = System.nanoTime();
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data, programs, "owner-password");
        long middle = System.nanoTime();
        EmbeddedRedis redis = EmbeddedRedis.start(data, programs, "redis-password");
        System.err.printf(
                "postgres %d ms, redis %d ms%n",
                (middle - begin) / 1_000_000, (System.nanoTime() - middle) / 1_000_000);
        System.out.println(postgres.pid() + " " + redis.pid() + " " + postgres.url());
        Thread.currentThread().join();
    }
}
