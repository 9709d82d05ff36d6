package ai.materi.platform.grpc;

import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Whoever came to a node with a ticket or a link has no access token that could be passed on: that node has verified who it is and
 * says so to the next one, which believes it because of the {@link NodePass} beside it.
 */
final class Vouched {
    private static final String KEY = "materi-vouched";

    private Vouched() {}

    static void write(MultiMap metadata, Principal principal) {
        JsonObject said = new JsonObject()
                .put("user", principal.userId().toString())
                .put("session", principal.sessionId().toString())
                .put("name", principal.name())
                .put("email", principal.email())
                .put("color", principal.color())
                .put("expires", principal.expiresAt().toEpochMilli())
                .put("agent", principal.agent());
        metadata.set(KEY, Base64.getUrlEncoder().encodeToString(said.toBuffer().getBytes()));
    }

    /** Empty when nobody is vouched for; {@code invalid_token} for what no node writes. */
    static Optional<Principal> read(MultiMap metadata) {
        return Optional.ofNullable(metadata.get(KEY)).map(Vouched::principal);
    }

    private static Principal principal(String text) {
        try {
            JsonObject said =
                    new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(text)));
            return new Principal(
                    UUID.fromString(said.getString("user", "")),
                    UUID.fromString(said.getString("session", "")),
                    said.getString("name", ""),
                    said.getString("email", ""),
                    said.getString("color", ""),
                    Instant.ofEpochMilli(said.getLong("expires", 0L)),
                    said.getBoolean("agent", false));
        } catch (IllegalArgumentException | DecodeException | ClassCastException | DateTimeException garbled) {
            throw Problem.of(ProblemCode.INVALID_TOKEN, "Nobody can be vouched for like this.");
        }
    }
}
