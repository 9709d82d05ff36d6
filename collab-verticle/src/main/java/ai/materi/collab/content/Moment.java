package ai.materi.collab.content;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Id;
import ai.materi.crdt.StateVector;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One of two states of a document that are compared.
 *
 * @param tree its blocks; plain text as one code block
 * @param writers who is known to have written and deleted what
 */
record Moment(List<Element> tree, Roots root, StateVector vector, DeleteSet deletes, Writers writers) {
    static Moment of(Doc doc, Writers writers) {
        Roots root = Roots.of(doc);
        List<Element> tree = root instanceof Roots.Plain plain
                ? List.of(Element.text(Element.CODE_BLOCK, Map.of(), PlainText.read(plain.text())))
                : RichText.of((Roots.Rich) root).tree();
        return new Moment(tree, root, doc.stateVector(), doc.deleteSet(), writers);
    }

    /** Whether the unit was there, perhaps deleted. */
    boolean knew(Id id) {
        return id.clock() < vector.get(id.client());
    }

    boolean deleted(Id id) {
        List<DeleteSet.Range> ranges = deletes.ranges(id.client());
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            DeleteSet.Range range = ranges.get(middle);
            if (id.clock() < range.clock()) {
                high = middle - 1;
            } else if (id.clock() >= range.end()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** How callers name a block. */
    String id(Element block) {
        return root instanceof Roots.Plain plain
                ? plain.name()
                : block.source() == null ? "" : block.source().id();
    }

    String type(Element block) {
        return root instanceof Roots.Plain ? PlainEdits.TYPE : block.name();
    }

    Units units(Element block) {
        return root instanceof Roots.Plain plain
                ? Units.of(plain.text())
                : Units.of(Objects.requireNonNull(block.source()).element());
    }

    ComparedText.Side side(Element block) {
        return new ComparedText.Side(this, block.content(), units(block));
    }
}
