package ai.materi.platform.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of this node on one connection of their own. When it breaks they are made again, with pauses that
 * double from 50 ms to a second; whoever listens is then told that messages may have been missed.
 */
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 1000;

    private record Subscriber(Consumer<String> message, Runnable onGap) {}

    private static final class Channel {
        private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
        private final Promise<Void> first = Promise.promise();
        /** Whether messages may be missed from now on: from the loss of the connection to its successor. */
        private volatile boolean gap;
    }

    private final Vertx vertx;
    private final Context home;
    private final Lane lane;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private volatile boolean closed;

    Subscriptions(Vertx vertx, Context home, Supplier<Redis> clients) {
        this.vertx = vertx;
        this.home = home;
        this.lane = new Lane(home, clients, this::lost);
    }

    /** Succeeds when Redis has confirmed it, or when it is known to wait for Redis, which then begins with a gap. */
    Future<Void> add(String name, Consumer<String> message, Runnable onGap) {
        Channel channel = channels.computeIfAbsent(name, absent -> new Channel());
        channel.subscribers.add(new Subscriber(message, onGap));
        // Whoever traces what is sent to Redis looks for a context, which not every caller has.
        home.runOnContext(none -> connect(List.of(name), FIRST_PAUSE));
        return channel.first.future();
    }

    /** Breaks the connection, e.g. because Redis no longer answers: it may be half open and silent for ever. */
    void cut() {
        lane.cut();
    }

    Future<Void> close() {
        closed = true;
        return lane.close();
    }

    private void connect(Collection<String> names, long pause) {
        lane.connection().onComplete(connected -> {
            if (connected.failed()) {
                postpone(pause);
            } else if (!closed) {
                connected.result().handler(this::arrived);
                names.forEach(name -> subscribe(connected.result(), name));
            }
        });
    }

    private static void subscribe(RedisConnection connection, String name) {
        connection
                .send(Request.cmd(Command.SUBSCRIBE).arg(name))
                .onFailure(failure -> LOG.debug("Not subscribed to {}: {}", name, failure.getMessage()));
    }

    private void lost() {
        channels.values().forEach(channel -> channel.gap = true);
        if (!closed) {
            connect(channels.keySet(), FIRST_PAUSE);
        }
    }

    private void postpone(long pause) {
        channels.values().forEach(channel -> {
            channel.gap = true;
            channel.first.tryComplete();
        });
        if (!closed && retrying.compareAndSet(false, true)) {
            vertx.setTimer(pause, timer -> {
                retrying.set(false);
                connect(channels.keySet(), Math.min(2 * pause, LONGEST_PAUSE));
            });
        }
    }

    /** {@code [subscribe, channel, count]} or {@code [message, channel, text]}. */
    private void arrived(Response response) {
        @Nullable
        Channel channel = response.size() == 3 ? channels.get(response.get(1).toString()) : null;
        if (channel == null) {
            return;
        }
        switch (response.get(0).toString()) {
            case "subscribe" -> confirmed(channel);
            case "message" ->
                channel.subscribers.forEach(subscriber ->
                        tell(() -> subscriber.message.accept(response.get(2).toString())));
            default -> LOG.debug("Passed over: {}", response);
        }
    }

    private static void confirmed(Channel channel) {
        if (channel.gap) {
            channel.gap = false;
            channel.subscribers.forEach(subscriber -> tell(subscriber.onGap));
        }
        channel.first.tryComplete();
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.error("A subscriber failed", e);
        }
    }
}
