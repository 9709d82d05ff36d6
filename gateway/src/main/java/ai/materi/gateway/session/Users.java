package ai.materi.gateway.session;

import ai.materi.proto.auth.v1.User;
import io.vertx.core.json.JsonObject;

/** A user as JSON. */
public final class Users {
    private Users() {}

    public static JsonObject json(User user) {
        return new JsonObject()
                .put("id", user.getId())
                .put("email", user.getEmail())
                .put("name", user.getName())
                .put("color", user.getColor())
                .put("created_at", user.getCreatedAt());
    }
}
