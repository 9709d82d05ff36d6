package ai.materi.gateway.workspace;

import ai.materi.gateway.http.Fields;
import ai.materi.proto.auth.v1.Role;
import java.util.Locale;

/** Roles by their words: {@code viewer}, {@code commenter}, {@code editor}, {@code admin}, {@code owner}. */
public final class Roles {
    private static final String PREFIX = "ROLE_";

    private Roles() {}

    public static String word(Role role) {
        return role.name().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    /** The required member {@code role}. */
    public static Role read(Fields fields) {
        String word = fields.text("role", 1, 20);
        for (Role role : Role.values()) {
            if (role != Role.UNRECOGNIZED
                    && role != Role.ROLE_UNSPECIFIED
                    && word(role).equals(word)) {
                return role;
            }
        }
        throw fields.invalidMember("role", "'role' is one of viewer, commenter, editor, admin, owner.");
    }
}
