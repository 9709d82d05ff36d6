package ai.materi.platform.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One embedded server on one port. {@link #keep} starts it again there when it dies, so that its URL stays true and its
 * clients find it as they would find any server that was away.
 */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration START = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;

    /** How its program is run. */
    interface Launch {
        Child fork(int port) throws IOException, InterruptedException;

        boolean ready(Child child, int port);
    }

    private final String name;
    private final Launch launch;
    private final int port;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Child child;

    private Server(String name, Launch launch, int port, Child child) {
        this.name = name;
        this.launch = launch;
        this.port = port;
        this.child = child;
    }

    /** Again with another port: the first may be taken meanwhile, or the last server's shared memory not yet free. */
    static Server start(String name, Launch launch) throws IOException, InterruptedException {
        Child child = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            int port = FreePort.find();
            child = launch.fork(port);
            if (becomesReady(launch, child, port)) {
                return new Server(name, launch, port, child);
            }
        }
        throw child == null ? new IllegalStateException("no attempt was made") : child.failure();
    }

    private static boolean becomesReady(Launch launch, Child child, int port) throws InterruptedException {
        return child.becomes(() -> launch.ready(child, port), START);
    }

    int port() {
        return port;
    }

    long pid() {
        return current().pid();
    }

    boolean alive() {
        return current().alive();
    }

    private synchronized Child current() {
        return child;
    }

    /** @param givenUp runs once, when it has died more often than {@code patience} bears */
    void keep(Patience patience, Runnable givenUp) {
        Thread thread = new Thread(() -> watch(patience, givenUp), "materi-keeps-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(Patience patience, Runnable givenUp) {
        try {
            if (!revivedUntilStopped(patience)) {
                LOG.error(
                        "The embedded {} keeps dying and is given up; {}",
                        name,
                        current().lastWords());
                givenUp.run();
            }
        } catch (IOException | EmbeddedException e) {
            LOG.error("The embedded {} died and cannot be started again: {}", name, e.getMessage());
            givenUp.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true once it was stopped, false when it died too often in a row. */
    private boolean revivedUntilStopped(Patience patience) throws IOException, InterruptedException {
        int deaths = 0;
        while (deaths <= patience.restarts()) {
            if (deaths > 0 && (stoppedWithin(patience.pause(deaths)) || !revive())) {
                return true;
            }
            long ready = System.nanoTime();
            current().awaitEnd();
            if (stoppedWithin(Duration.ZERO)) {
                return true;
            }
            deaths = System.nanoTime() - ready > patience.well().toNanos() ? 1 : deaths + 1;
        }
        return false;
    }

    private boolean stoppedWithin(Duration time) throws InterruptedException {
        return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean revive() throws IOException, InterruptedException {
        LOG.warn("The embedded {} has died; it is started again", name);
        Child fresh;
        synchronized (this) {
            // Under the lock: no program may begin after stop() has looked for one to end.
            if (stoppedWithin(Duration.ZERO)) {
                return false;
            }
            fresh = launch.fork(port);
            child = fresh;
        }
        if (becomesReady(launch, fresh, port)) {
            LOG.info("The embedded {} runs again, as process {}", name, fresh.pid());
        }
        return true;
    }

    /** Waits for it to end, at most 12 s; it is not started again. */
    void stop() throws InterruptedException {
        Child last;
        synchronized (this) {
            stopping.countDown();
            last = child;
        }
        last.stop();
    }
}
