package ai.materi.collab.room;

/** A document exactly as the log has it up to a sequence number. */
public record CommittedState(EncodedState encoded, long seq, int generation) {
    /** An update in Yjs format v1. Takes time, the first time: not for an event loop. */
    public byte[] state() {
        return encoded.bytes();
    }
}
