package ai.materi.collab.stream;

/** An edit that is committed, or one that changed nothing, in a generation of the document and at a sequence number. */
public record Written(int generation, long sequence) {}
