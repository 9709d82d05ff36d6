package ai.materi.platform.events;

import ai.materi.platform.redis.RedisGate;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a consumer says to Redis: the commands of streams and groups (Redis 6.2). */
final class ConsumerGroup {
    /** Events that failed for good, with their cause. */
    static final String DEAD = "materi:events:dead";

    private static final String UNSEEN = ">";
    private static final int MAX_CAUSE = 1000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final RedisGate redis;
    private final String group;
    private final String consumer;
    private final List<Outbox.Topic> topics;
    private final Duration deadRetention;

    /** @param consumer unique to this start of this node */
    ConsumerGroup(RedisGate redis, String group, String consumer, List<Outbox.Topic> topics, Duration deadRetention) {
        this.redis = redis;
        this.group = group;
        this.consumer = consumer;
        this.topics = List.copyOf(topics);
        this.deadRetention = deadRetention;
    }

    String name() {
        return group;
    }

    List<Outbox.Topic> topics() {
        return topics;
    }

    /** Makes the group on every stream, from the stream's beginning; one that exists stays as it is. */
    Future<Void> create() {
        return Future.all(topics.stream().map(this::createOn).toList()).mapEmpty();
    }

    private Future<Void> createOn(Outbox.Topic topic) {
        return redis.send(command(Command.XGROUP, "CREATE", topic.stream(), group, "0", "MKSTREAM"))
                .recover(failure -> String.valueOf(failure.getMessage()).startsWith("BUSYGROUP")
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure))
                .mapEmpty();
    }

    /** Entries that no consumer of the group has been given yet; does not wait for any. */
    Future<List<StreamEntry>> read(int count) {
        Request request = command(Command.XREADGROUP, "GROUP", group, consumer, "COUNT", Integer.toString(count));
        request.arg("STREAMS");
        topics.forEach(topic -> request.arg(topic.stream()));
        topics.forEach(topic -> request.arg(UNSEEN));
        return redis.send(request).map(StreamEntry::ofRead);
    }

    /** Takes over entries that a consumer was given and has not acknowledged for this long. */
    Future<List<StreamEntry>> claim(Outbox.Topic topic, Duration idle, int count) {
        return redis.send(command(
                        Command.XAUTOCLAIM,
                        topic.stream(),
                        group,
                        consumer,
                        Long.toString(idle.toMillis()),
                        "0-0",
                        "COUNT",
                        Integer.toString(count)))
                .map(reply -> StreamEntry.ofList(topic, reply.get(1)));
    }

    /** How often each entry that this consumer holds has been given to somebody, by entry id. */
    Future<Map<String, Integer>> deliveries(Outbox.Topic topic, int count) {
        return redis.send(command(Command.XPENDING, topic.stream(), group, "-", "+", Integer.toString(count), consumer))
                .map(reply -> {
                    Map<String, Integer> times = new HashMap<>();
                    for (Response entry : reply) {
                        times.put(entry.get(0).toString(), entry.get(3).toInteger());
                    }
                    return times;
                });
    }

    Future<Void> acknowledge(List<StreamEntry> entries) {
        Map<Outbox.Topic, Request> requests = new EnumMap<>(Outbox.Topic.class);
        entries.forEach(entry -> requests.computeIfAbsent(
                        entry.topic(), topic -> command(Command.XACK, topic.stream(), group))
                .arg(entry.id()));
        return requests.isEmpty()
                ? Future.succeededFuture()
                : redis.batch(List.copyOf(requests.values())).mapEmpty();
    }

    /** Keeps an entry with its cause among the dead letters, and acknowledges it. */
    Future<Void> bury(StreamEntry entry, String cause) {
        Buffer payload = entry.payload() == null ? Buffer.buffer() : entry.payload();
        Request letter = command(
                        Command.XADD,
                        DEAD,
                        "MINID",
                        "~",
                        Long.toString(Instant.now().minus(deadRetention).toEpochMilli()),
                        "*",
                        "stream",
                        entry.topic().stream(),
                        "entry",
                        entry.id(),
                        "group",
                        group,
                        "cause",
                        cause.substring(0, Math.min(cause.length(), MAX_CAUSE)),
                        "payload")
                .arg(payload);
        return redis.send(letter).compose(added -> acknowledge(List.of(entry)));
    }

    /** Removes consumers of nodes that are long gone; what they held must have been claimed before. */
    Future<Void> forgetOthers(Outbox.Topic topic) {
        return redis.send(command(Command.XINFO, "CONSUMERS", topic.stream(), group))
                .compose(consumers -> {
                    List<Request> gone = new ArrayList<>();
                    for (Response other : consumers) {
                        if (isForgotten(other)) {
                            String name = field(other, "name").toString();
                            gone.add(command(Command.XGROUP, "DELCONSUMER", topic.stream(), group, name));
                        }
                    }
                    return gone.isEmpty()
                            ? Future.succeededFuture()
                            : redis.batch(gone).mapEmpty();
                });
    }

    private static boolean isForgotten(Response other) {
        return field(other, "pending").toLong() == 0 && field(other, "idle").toLong() > FORGOTTEN.toMillis();
    }

    /** A map in RESP3, a flat array in RESP2. */
    private static Response field(Response consumer, String name) {
        if (!consumer.getKeys().isEmpty()) {
            return consumer.get(name);
        }
        for (int i = 0; i + 1 < consumer.size(); i += 2) {
            if (consumer.get(i).toString().equals(name)) {
                return consumer.get(i + 1);
            }
        }
        throw new IllegalStateException("XINFO CONSUMERS without " + name);
    }

    private static Request command(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return request;
    }
}
