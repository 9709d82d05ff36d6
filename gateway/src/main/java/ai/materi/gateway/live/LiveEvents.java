package ai.materi.gateway.live;

import ai.materi.gateway.sse.SseEvent;
import ai.materi.proto.collab.v1.SyncOpened;
import ai.materi.proto.collab.v1.SyncReply;
import com.google.protobuf.ByteString;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** How what happens in a live document is told to clients; bytes are base64 (RFC 4648, 4). */
final class LiveEvents {
    /** The caller's side never closes before the client has left. */
    static final SseEvent END = new SseEvent("done", new JsonObject(), true);

    private LiveEvents() {}

    static SseEvent of(SyncReply reply) {
        return switch (reply.getMessageCase()) {
            case OPENED -> event("meta", meta(reply.getOpened()));
            case MISSING -> event("sync", bytes("update", reply.getMissing()));
            case SYNCED -> event("synced", new JsonObject());
            case UPDATE -> event("update", bytes("update", reply.getUpdate()));
            case PRESENCE -> event("presence", bytes("presence", reply.getPresence()));
            case COMMITTED ->
                event("committed", new JsonObject().put("sequence", reply.getCommitted()))
                        .numbered(reply.getCommitted());
            case READ_ONLY -> event("scope", new JsonObject().put("read_only", reply.getReadOnly()));
            case STATE_VECTOR -> event("state", bytes("state_vector", reply.getStateVector()));
            case SAVED, MESSAGE_NOT_SET -> SseEvent.error("internal", "An event of an unknown kind came.");
        };
    }

    private static SseEvent event(String name, JsonObject data) {
        return new SseEvent(name, data, false);
    }

    private static JsonObject meta(SyncOpened opened) {
        return bytes("state_vector", opened.getStateVector())
                .put("stream_id", opened.getStreamId())
                .put("generation", opened.getGeneration())
                .put("read_only", opened.getReadOnly());
    }

    private static JsonObject bytes(String name, ByteString bytes) {
        return new JsonObject().put(name, Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
}
