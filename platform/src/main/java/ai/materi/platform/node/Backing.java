package ai.materi.platform.node;

import ai.materi.platform.config.SecretFolder;
import ai.materi.platform.config.Settings;
import ai.materi.platform.embedded.DataLock;
import ai.materi.platform.embedded.EmbeddedPostgres;
import ai.materi.platform.embedded.EmbeddedRedis;
import ai.materi.platform.embedded.Programs;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** The services that a node stands on: those that it was given, or its own, started together and again when they die. */
final class Backing {
    private final DataLock lock;
    private final CompletableFuture<Optional<EmbeddedPostgres>> postgres;
    private final CompletableFuture<Optional<EmbeddedRedis>> redis;
    private final Settings settings;
    private final CountDownLatch givenUp;

    private Backing(
            DataLock lock,
            CompletableFuture<Optional<EmbeddedPostgres>> postgres,
            CompletableFuture<Optional<EmbeddedRedis>> redis,
            Settings settings,
            CountDownLatch givenUp) {
        this.lock = lock;
        this.postgres = postgres;
        this.redis = redis;
        this.settings = settings;
        this.givenUp = givenUp;
    }

    /** Takes the data folder and begins to start what was not given. */
    static Backing begin(Settings settings, StartReport report) {
        DataLock lock = DataLock.take(settings.dataDir());
        Programs programs = Programs.cachedOr(settings.dataDir());
        SecretFolder secrets = SecretFolder.of(settings);
        CountDownLatch givenUp = new CountDownLatch(1);
        return new Backing(
                lock,
                unlessGiven(
                        settings,
                        "postgres.url",
                        () -> report.measure("postgres", () -> {
                            EmbeddedPostgres server = EmbeddedPostgres.start(
                                    settings.dataDir(), programs, secrets.named("postgres.password"));
                            server.keep(givenUp::countDown);
                            return server;
                        })),
                unlessGiven(
                        settings,
                        "redis.url",
                        () -> report.measure("redis", () -> {
                            EmbeddedRedis server =
                                    EmbeddedRedis.start(settings.dataDir(), programs, secrets.named("redis.password"));
                            server.keep(givenUp::countDown);
                            return server;
                        })),
                settings,
                givenUp);
    }

    private static <T> CompletableFuture<Optional<T>> unlessGiven(Settings settings, String url, Callable<T> start) {
        CompletableFuture<Optional<T>> future = new CompletableFuture<>();
        if (settings.secret(url).isPresent()) {
            future.complete(Optional.empty());
            return future;
        }
        Thread thread = new Thread(() -> complete(future, start), "materi-start-" + url);
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private static <T> void complete(CompletableFuture<Optional<T>> future, Callable<T> start) {
        try {
            future.complete(Optional.of(start.call()));
        } catch (Throwable failure) {
            future.completeExceptionally(failure);
        }
    }

    /** Returns when a server that was started here keeps dying and is not started again. */
    void awaitGivenUp() throws InterruptedException {
        givenUp.await();
    }

    String databaseUrl() {
        return settings.secret("postgres.url")
                .orElseGet(() -> join(postgres).orElseThrow().url());
    }

    String redisUrl() {
        return settings.secret("redis.url")
                .orElseGet(() -> join(redis).orElseThrow().url());
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Stops what was started here, both at once, and lets the data folder go. */
    void end() throws InterruptedException, IOException {
        Thread redisEnd = new Thread(() -> stopRedis(), "materi-stop-redis");
        redisEnd.start();
        Optional<EmbeddedPostgres> started = settled(postgres);
        if (started.isPresent()) {
            started.get().stop();
        }
        redisEnd.join();
        lock.close();
    }

    private void stopRedis() {
        try {
            Optional<EmbeddedRedis> started = settled(redis);
            if (started.isPresent()) {
                started.get().stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> Optional<T> settled(CompletableFuture<Optional<T>> future) {
        return future.handle((started, failure) -> failure == null ? started : Optional.<T>empty())
                .join();
    }
}
