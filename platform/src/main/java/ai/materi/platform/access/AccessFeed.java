package ai.materi.platform.access;

import ai.materi.platform.redis.RedisGate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News that somebody may no longer (or may now) do something, carried by Redis to every node within a second. After a gap
 * in the subscription every listener is told to check everything again.
 *
 * <p>Listeners run on the event loop that brought the news and must not block it; one that fails is logged and does not
 * keep the news from the others.
 */
public final class AccessFeed {
    /**
     * What changed. Null means "any": {@code (workspace, null, user)} is a membership, {@code (workspace, document, null)}
     * the state of a document, all null a gap after which everything has to be checked again.
     */
    public record Change(
            @Nullable UUID workspaceId,
            @Nullable UUID documentId,
            @Nullable UUID userId) {
        static final Change EVERYTHING = new Change(null, null, null);
    }

    static final String CHANGES = "materi:access";
    static final String REVOCATIONS = "materi:sessions:revoked";

    /** A heartbeat travels the way of the news: while it comes back, nothing is being missed. */
    private static final long BEAT_MILLIS = 200;

    private static final long SILENCE_NANOS = 600_000_000L;

    /** What Redis did not take is kept for its return; past this, everybody is told to check everything. */
    private static final int MAX_UNSENT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessFeed.class);

    private record Unsent(String channel, String message) {}

    private final RedisGate redis;
    private final String nodeId;
    private final List<Consumer<UUID>> revocations = new CopyOnWriteArrayList<>();
    private final List<Consumer<Change>> changes = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Unsent> unsent = new ConcurrentLinkedDeque<>();
    private final AtomicInteger unsentCount = new AtomicInteger();
    private final AtomicBoolean sending = new AtomicBoolean();
    private volatile long heardNanos = System.nanoTime() - 2 * SILENCE_NANOS;

    private AccessFeed(RedisGate redis, String nodeId) {
        this.redis = redis;
        this.nodeId = nodeId;
    }

    /** Subscribes; a Redis that is away does not keep the node from starting, the feed then begins with a gap. */
    public static Future<AccessFeed> create(Vertx vertx, RedisGate redis, String nodeId) {
        AccessFeed feed = new AccessFeed(redis, nodeId);
        vertx.setPeriodic(BEAT_MILLIS, timer -> feed.beat());
        return redis.subscribe(CHANGES, feed::changeArrived, feed::gap)
                .compose(v -> redis.subscribe(REVOCATIONS, feed::revocationArrived, feed::gap))
                .onFailure(failure -> LOG.warn("No news of permissions yet: {}", failure.getMessage()))
                .otherwiseEmpty()
                .map(feed);
    }

    public void onSessionRevoked(Consumer<UUID> sessionId) {
        revocations.add(sessionId);
    }

    public void onChange(Consumer<Change> change) {
        changes.add(change);
    }

    /**
     * Called by Shield after its commit. Listeners of this node have been told when the future succeeds; what Redis does not
     * take now is sent when it is back.
     */
    public Future<Void> publishRevocation(UUID sessionId) {
        tellRevocation(sessionId);
        return publish(REVOCATIONS, News.revocation(nodeId, sessionId));
    }

    /** Called by Shield after its commit; like {@link #publishRevocation}. */
    public Future<Void> publishChange(Change change) {
        tellChange(change);
        return publish(CHANGES, News.change(nodeId, change));
    }

    /** Whether news arrives at present: the heartbeat has come back lately. */
    boolean live() {
        return System.nanoTime() - heardNanos < SILENCE_NANOS;
    }

    private void beat() {
        if (redis.available()) {
            send(REVOCATIONS, News.beat(nodeId)).onSuccess(v -> sendUnsent());
        }
    }

    private void changeArrived(String message) {
        News news = News.parse(message);
        if (news instanceof News.Changed changed && !changed.origin().equals(nodeId)) {
            tellChange(changed.change());
        }
    }

    private void revocationArrived(String message) {
        News news = News.parse(message);
        if (news instanceof News.Revoked revoked && !revoked.origin().equals(nodeId)) {
            tellRevocation(revoked.sessionId());
        } else if (news instanceof News.Beat beat && beat.origin().equals(nodeId)) {
            boolean deaf = !live();
            heardNanos = System.nanoTime();
            if (deaf) {
                gap();
            }
        }
    }

    private void gap() {
        tellChange(Change.EVERYTHING);
    }

    private void tellRevocation(UUID sessionId) {
        revocations.forEach(listener -> tell(listener, sessionId));
    }

    private void tellChange(Change change) {
        changes.forEach(listener -> tell(listener, change));
    }

    private static <T> void tell(Consumer<T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException e) {
            LOG.error("A listener failed at {}", news, e);
        }
    }

    private Future<Void> publish(String channel, String message) {
        return send(channel, message).recover(failure -> {
            keep(new Unsent(channel, message));
            return Future.succeededFuture();
        });
    }

    private Future<Void> send(String channel, String message) {
        return redis.send(Request.cmd(Command.PUBLISH).arg(channel).arg(message))
                .mapEmpty();
    }

    private void keep(Unsent news) {
        if (unsentCount.incrementAndGet() > MAX_UNSENT) {
            unsent.clear();
            unsentCount.set(1);
            unsent.add(new Unsent(CHANGES, News.change(nodeId, Change.EVERYTHING)));
        } else {
            unsent.add(news);
        }
    }

    private void sendUnsent() {
        if (!unsent.isEmpty() && sending.compareAndSet(false, true)) {
            sendNext().onComplete(sent -> sending.set(false));
        }
    }

    /** One after the other, each removed once Redis has it; the first failure leaves the rest for the next beat. */
    private Future<Void> sendNext() {
        Unsent next = unsent.peek();
        if (next == null) {
            return Future.succeededFuture();
        }
        return send(next.channel(), next.message()).compose(v -> {
            if (unsent.remove(next)) {
                unsentCount.decrementAndGet();
            }
            return sendNext();
        });
    }
}
