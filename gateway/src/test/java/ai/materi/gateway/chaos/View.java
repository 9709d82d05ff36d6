package ai.materi.gateway.chaos;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Snapshot;
import java.util.Arrays;

/**
 * A document as somebody has it.
 *
 * @param whose e.g. {@code node 2}
 * @param state what is there and what of it is deleted, encoded
 */
@SuppressWarnings("ArrayRecordComponent") // compared by agrees() alone
record View(String whose, String text, byte[] state) {
    static final String TEXT = "content";

    static View of(String whose, Doc doc) {
        return new View(whose, doc.text(TEXT).toString(), Snapshot.of(doc).encode());
    }

    View of(String other) {
        return new View(other, text, state);
    }

    boolean agrees(View other) {
        return text.equals(other.text) && Arrays.equals(state, other.state);
    }
}
