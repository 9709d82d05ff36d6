package ai.materi.collab.content;

import ai.materi.crdt.Delta;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a block's text in which no inline element comes or goes: one delta a text node, so that it takes one pass
 * however many words change.
 */
final class TextDeltas {
    private final List<YType> nodes;
    private final Map<YText, List<Delta>> deltas = new LinkedHashMap<>();
    private int node;
    private int inNode;

    private TextDeltas(List<YType> nodes) {
        this.nodes = nodes;
    }

    /** Makes the change; false, and nothing done, when an inline element comes or goes or there is no text to write in. */
    static boolean apply(List<YType> nodes, Inline present, Inline next) {
        if (objects(present, false) != objects(next, true) || objects(next, false) != objects(next, true)) {
            return false;
        }
        TextDeltas change = new TextDeltas(nodes);
        int at = 0;
        for (Inline.Span span : next.spans()) {
            if (span.origin() < 0) {
                if (!change.insert(span)) {
                    return false;
                }
                continue;
            }
            change.pass(span.origin() - at, true, present, null, at);
            change.pass(span.text().length(), false, present, span.marks(), span.origin());
            at = span.origin() + span.text().length();
        }
        change.pass(present.length() - at, true, present, null, at);
        change.deltas.forEach(YText::applyDelta);
        return true;
    }

    private static long objects(Inline inline, boolean keptOnly) {
        return inline.spans().stream()
                .filter(s -> s.object() != null && (!keptOnly || s.origin() >= 0))
                .count();
    }

    /** Goes over units of the present content: takes them away, or gives them the marks. */
    private void pass(int length, boolean delete, Inline present, @Nullable Marks marks, int origin) {
        int rest = length;
        int at = origin;
        while (rest > 0) {
            if (!(nodes.get(node) instanceof YText text)) {
                next();
                rest--;
                at++;
                continue;
            }
            int here = Math.min(rest, text.length() - inNode);
            int step = delete ? here : sameMarks(present, at, here);
            if (step > 0 && delete) {
                steps(text).add(new Delta.Delete(step));
            } else if (step > 0 && marks != null) {
                steps(text).add(new Delta.Retain(step, LiveWriter.difference(present.marksAt(at), marks)));
            }
            rest -= step;
            at += step;
            inNode += step;
            if (inNode == text.length() && rest > 0) {
                next();
            }
        }
    }

    private static int sameMarks(Inline present, int from, int most) {
        return most == 0 ? 0 : Math.min(most, present.stretch(from));
    }

    private void next() {
        node++;
        inNode = 0;
    }

    /** Writes in the text node where the pass stands: the one that ends here, goes on here or begins here. */
    private boolean insert(Inline.Span span) {
        if (node < nodes.size() && nodes.get(node) instanceof YText text) {
            steps(text).add(new Delta.Insert(span.text(), span.marks().values()));
            return true;
        }
        return false;
    }

    private List<Delta> steps(YText text) {
        return deltas.computeIfAbsent(text, x -> new ArrayList<>());
    }
}
