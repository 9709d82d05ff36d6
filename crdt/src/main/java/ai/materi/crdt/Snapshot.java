package ai.materi.crdt;

import java.util.List;
import java.util.Map;

/**
 * A moment of a document: which units were there, and which of them were deleted. It holds no content; a document that kept
 * what was deleted since ({@link Doc#keepingDeleted}) can be {@link #restore restored} to it.
 *
 * @param deleted what was deleted, sorted and merged
 * @param vector what was there
 */
public record Snapshot(DeleteSet deleted, StateVector vector) {
    /** Of no document at all. */
    public static final Snapshot EMPTY = new Snapshot(new DeleteSet.Builder().build(true), StateVector.EMPTY);

    /** The present moment of a document; what waits is not in it. */
    public static Snapshot of(Doc doc) {
        return new Snapshot(doc.deleteSet(), doc.stateVector());
    }

    /** Reads what {@link #encode} and {@code Y.encodeSnapshot} write; throws {@link MalformedUpdateException}. */
    public static Snapshot decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        DeleteSet.Builder deleted = new DeleteSet.Builder();
        DeleteRanges.read(in, StructCursor.DEFAULT_BUDGET).addTo(deleted);
        return new Snapshot(deleted.build(false), StateVector.decode(in));
    }

    /** Reads what {@link #encodeV2} and {@code Y.encodeSnapshotV2} write; throws {@link MalformedUpdateException}. */
    public static Snapshot decodeV2(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        DeleteSet.Builder deleted = new DeleteSet.Builder();
        DeleteRanges.readV2(in, StructCursor.DEFAULT_BUDGET).addTo(deleted);
        return new Snapshot(deleted.build(false), StateVector.decode(in));
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        deleted.write(out);
        out.bytes(vector.encode());
        return out.toByteArray();
    }

    public byte[] encodeV2() {
        ByteWriter out = new ByteWriter();
        deleted.writeV2(out);
        out.bytes(vector.encode());
        return out.toByteArray();
    }

    /** Whether all that an update (format v1) says was there at this moment: its structs, and its deletions. */
    public boolean contains(byte[] update) {
        UpdateMeta meta = Updates.meta(update);
        for (Map.Entry<Long, List<DeleteSet.Range>> entry : meta.inserted().entrySet()) {
            for (DeleteSet.Range range : entry.getValue()) {
                if (vector.get(entry.getKey()) < range.end()) {
                    return false;
                }
            }
        }
        DeleteSet.Builder both = new DeleteSet.Builder();
        both.addAll(deleted);
        both.addAll(meta.deleted());
        return both.build(true).equals(deleted);
    }

    /**
     * A document as this one was at this moment.
     *
     * @param origin keeps what is deleted, and knows all that the snapshot holds
     * @throws IllegalArgumentException when it does not keep that, or does not know all
     */
    public Doc restore(Doc origin) {
        if (!origin.keepsDeleted()) {
            throw new IllegalArgumentException("the document does not keep what is deleted");
        }
        if (!origin.stateVector().contains(vector)) {
            throw new IllegalArgumentException("the document does not know all that the snapshot holds");
        }
        Doc restored = new Doc();
        origin.transact(
                null,
                tx -> restored.applyUpdate(StateEncoder.until(origin.store(), tx, this), this, Integer.MAX_VALUE));
        return restored;
    }
}
