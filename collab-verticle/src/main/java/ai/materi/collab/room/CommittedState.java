package ai.materi.collab.room;

/** A document exactly as the log has it up to a sequence number, as an update in Yjs format v1. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CommittedState(byte[] state, long seq, int generation) {}
