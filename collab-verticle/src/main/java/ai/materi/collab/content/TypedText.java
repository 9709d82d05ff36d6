package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.crdt.Doc;
import ai.materi.crdt.RelativePosition;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import java.util.List;

/** What is typed into the middle of a block's text, between two positions that stay with their neighbours. */
final class TypedText {
    private final Doc doc;
    private final YXmlElement block;
    private RelativePosition from;
    private RelativePosition to;
    private Inline written = Inline.EMPTY;

    TypedText(Doc doc, YXmlElement block, int at) {
        this.doc = doc;
        this.block = block;
        this.from = position(at, -1);
        this.to = position(at, 0);
    }

    RelativePosition end() {
        return to;
    }

    private RelativePosition position(int unit, int assoc) {
        int at = 0;
        List<YType> nodes = block.children();
        for (int i = 0; i < nodes.size(); i++) {
            int length = nodes.get(i) instanceof YText text ? text.length() : 1;
            boolean here = assoc < 0 ? unit <= at + length : unit < at + length || i == nodes.size() - 1;
            if (here && nodes.get(i) instanceof YText text) {
                return RelativePosition.create(text, Math.min(unit - at, length), assoc);
            }
            at += length;
        }
        return RelativePosition.create(block, block.length(), assoc);
    }

    /** Where a position is now, in units of the block; the fallback when nothing is left around it. */
    private int unit(RelativePosition position, int fallback) {
        RelativePosition.Found found = position.resolve(doc);
        int at = 0;
        for (YType node : block.children()) {
            if (found != null && node == found.type()) {
                return at + found.index();
            }
            at += node instanceof YText text ? text.length() : 1;
        }
        return found != null && found.type() == block && found.index() > 0 ? at : fallback;
    }

    void write(Rendering rendering, Inline next) {
        if (next.equals(written) || !block.isLive() || !(block.parent() instanceof YXmlFragment parent)) {
            return;
        }
        Element present = LiveTree.read(block, parent);
        Inline all = present.content();
        int start = unit(from, all.length());
        int end = Math.max(start, unit(to, all.length()));
        Inline merged = InlineMerge.merge(rendering, Rule.OTHERS, written, all.slice(start, end), next);
        if (merged == null) {
            return;
        }
        Inline result = all.slice(0, start).plus(merged).plus(all.slice(end, all.length()));
        LiveWriter.revise(block, present, present.withInline(result));
        written = next;
        to = position(start + merged.length(), 0);
        from = position(start, -1);
    }
}
