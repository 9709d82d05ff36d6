package ai.materi.platform.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a Redis Stream.
 *
 * @param payload null when the entry has been trimmed, or has no such field
 */
record StreamEntry(Outbox.Topic topic, String id, @Nullable Buffer payload) {

    /** The reply of XREADGROUP: a map from stream to entries (RESP3) or an array of pairs (RESP2); null is none. */
    static List<StreamEntry> ofRead(@Nullable Response reply) {
        List<StreamEntry> entries = new ArrayList<>();
        if (reply == null) {
            return entries;
        }
        if (!reply.getKeys().isEmpty()) {
            for (String stream : reply.getKeys()) {
                entries.addAll(ofList(topic(stream), reply.get(stream)));
            }
        } else {
            for (Response pair : reply) {
                entries.addAll(ofList(topic(pair.get(0).toString()), pair.get(1)));
            }
        }
        return entries;
    }

    /** A list of entries, each an id and its fields. */
    static List<StreamEntry> ofList(Outbox.Topic topic, @Nullable Response list) {
        List<StreamEntry> entries = new ArrayList<>();
        if (list != null) {
            for (Response entry : list) {
                // XAUTOCLAIM of Redis 6.2 answers nil for an entry that was trimmed meanwhile.
                if (entry != null && entry.type() == ResponseType.MULTI) {
                    entries.add(new StreamEntry(topic, entry.get(0).toString(), payload(entry.get(1))));
                }
            }
        }
        return entries;
    }

    private static @Nullable Buffer payload(@Nullable Response fields) {
        if (fields == null) {
            return null;
        }
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (fields.get(i).toString().equals("payload")) {
                return fields.get(i + 1).toBuffer();
            }
        }
        return null;
    }

    private static Outbox.Topic topic(String stream) {
        return Outbox.Topic.valueOf(
                stream.substring(stream.lastIndexOf(':') + 1).toUpperCase(Locale.ROOT));
    }
}
