package ai.materi.auth.users;

import ai.materi.auth.fields.Fields;
import java.util.UUID;

/** How somebody names a user: one of the two. */
public sealed interface UserRef {
    /** By id. */
    record ById(UUID id) implements UserRef {}

    /** By address, without regard to case. */
    record ByEmail(String email) implements UserRef {}

    /** Of two fields of which exactly one is set. */
    static UserRef of(String userId, String email) {
        if (userId.isEmpty() == email.isEmpty()) {
            throw Fields.invalid("user_id", "One of user_id and email names the user.");
        }
        return email.isEmpty() ? new ById(Fields.uuid("user_id", userId)) : new ByEmail(Fields.email("email", email));
    }
}
