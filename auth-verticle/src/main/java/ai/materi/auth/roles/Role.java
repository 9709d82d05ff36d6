package ai.materi.auth.roles;

import java.util.Locale;

/** What a member may do; each includes those before it. The same words, in the same order, are {@code auth.role} in SQL. */
public enum Role {
    VIEWER,
    COMMENTER,
    EDITOR,
    ADMIN,
    OWNER;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** As SQL and events spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
