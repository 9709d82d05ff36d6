package ai.materi.auth.documents;

/** Whether somebody may do something. */
public enum Verdict {
    ALLOWED,
    /** They may see the document, but not do this. */
    DENIED,
    /** For them there is no such document. */
    HIDDEN
}
