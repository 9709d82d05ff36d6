package ai.materi.platform.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waiting for futures at start and end, on the thread that leads the node through them. */
final class Blocking {
    private static final Logger LOG = LoggerFactory.getLogger(Blocking.class);

    /** Something that is done at the end and may fail. */
    interface Ending {
        void end() throws Exception;
    }

    private Blocking() {}

    /** The result; throws the failure itself, or {@link TimeoutException}. */
    static <T> T result(Future<T> future, Duration limit) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + limit.toMillis() + " ms");
        }
    }

    /** Ends one thing; what goes wrong is logged and keeps nothing else from ending. */
    static void attempt(String what, Ending ending) {
        try {
            ending.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("The end of {} was not clean: {}", what, e.toString());
        }
    }
}
