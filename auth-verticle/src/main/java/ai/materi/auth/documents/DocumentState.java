package ai.materi.auth.documents;

import java.util.Locale;

/** Whether a document is there; the same words are {@code auth.document_state} in SQL. */
public enum DocumentState {
    ACTIVE,
    TRASHED,
    /** Gone for good: nobody sees it, and its id stays used. */
    PURGED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static DocumentState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
