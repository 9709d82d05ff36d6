package ai.materi.gateway.idempotency;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** An answer as it was given the first time. */
public record StoredAnswer(int status, JsonObject headers, Buffer body) {}
