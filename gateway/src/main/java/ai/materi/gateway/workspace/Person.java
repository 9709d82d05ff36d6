package ai.materi.gateway.workspace;

import ai.materi.gateway.http.Fields;
import java.util.Optional;
import java.util.UUID;

/** Somebody who is named in a body, by exactly one of {@code user_id} and {@code email}; the other is empty. */
public record Person(String userId, String email) {
    private static final int MAX_EMAIL = 254;

    public static Person read(Fields fields) {
        Optional<UUID> id = fields.optionalUuid("user_id");
        Optional<String> email = fields.optionalText("email", 1, MAX_EMAIL);
        if (id.isPresent() == email.isPresent()) {
            throw fields.invalidObject("Name the person by exactly one of 'user_id' and 'email'.");
        }
        return new Person(id.map(UUID::toString).orElse(""), email.orElse(""));
    }
}
