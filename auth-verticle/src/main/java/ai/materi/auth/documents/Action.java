package ai.materi.auth.documents;

/** What somebody wants to do with a document. */
public enum Action {
    READ,
    COMMENT,
    WRITE,
    /** Grants and purging; in the trash too. */
    MANAGE,
    /** Seeing it, trashing it, bringing it back, although it is in the trash. */
    RESTORE
}
