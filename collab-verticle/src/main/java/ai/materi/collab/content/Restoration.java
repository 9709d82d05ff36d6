package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.crdt.Delta;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlFragment;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the texts of a document those of an earlier state of it, root by root. Rich text is aligned block by block, with
 * everything that a block holds; plain text word by word; a formatted {@code Y.Text} by its stretches of one format. What
 * is equal is not touched.
 */
final class Restoration {
    private final Doc doc;
    private final Doc past;

    Restoration(Doc doc, Doc past) {
        this.doc = doc;
        this.past = past;
    }

    void apply() {
        refuseOtherThanText();
        doc.transact(Contents.ORIGIN, tx -> {
            Roots.RICH.stream().filter(this::stands).forEach(this::rich);
            Roots.PLAIN.stream().filter(this::stands).forEach(this::plain);
        });
    }

    private void refuseOtherThanText() {
        boolean holdsSomething = past.rootNames().stream().anyMatch(name -> !past.rootIsEmpty(name));
        if (holdsSomething && !holdsText(past) && !holdsText(doc)) {
            throw Problem.of(ProblemCode.CONFLICT, "This version holds no text, and nothing else can be restored.");
        }
    }

    private static boolean holdsText(Doc state) {
        return !(Roots.of(state) instanceof Roots.Rich rich)
                || !rich.fragment().children().isEmpty();
    }

    private boolean stands(String root) {
        return !doc.rootIsEmpty(root) || !past.rootIsEmpty(root);
    }

    private void rich(String root) {
        RichText live = new RichText(root, doc.xmlFragment(root), LiveTree.read(doc.xmlFragment(root)));
        YXmlFragment wanted = past.xmlFragment(root);
        Patch patch = new Patch();
        BlockMerge merge = new BlockMerge(live.rendering(Format.PROSEMIRROR), Rule.CALLER, patch, new Conflicts());
        merge.replace(
                live.tree(), LiveTree.read(wanted).stream().map(Element::anew).toList());
        live.write(doc, patch);
    }

    private void plain(String root) {
        YText live = doc.text(root);
        List<Delta.Insert> present = live.toDelta();
        List<Delta.Insert> wanted = past.text(root).toDelta();
        if (isPlain(present) && isPlain(wanted)) {
            PlainText.replace(live, Format.TEXT, past.text(root).toString(), null);
        } else {
            exchange(live, present, wanted);
        }
    }

    private static boolean isPlain(List<Delta.Insert> runs) {
        return runs.stream()
                .allMatch(run ->
                        run.insert() instanceof String && run.attributes().isEmpty());
    }

    private static void exchange(YText live, List<Delta.Insert> present, List<Delta.Insert> wanted) {
        int shorter = Math.min(present.size(), wanted.size());
        int head = 0;
        while (head < shorter && present.get(head).equals(wanted.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head && last(present, tail).equals(last(wanted, tail))) {
            tail++;
        }
        List<Delta.Insert> fresh = wanted.subList(head, wanted.size() - tail);
        refuseNestedTypes(fresh);
        List<Delta> steps = new ArrayList<>();
        steps.add(new Delta.Retain(length(present.subList(0, head))));
        steps.add(new Delta.Delete(length(present.subList(head, present.size() - tail))));
        steps.addAll(fresh);
        live.applyDelta(steps);
    }

    private static Delta.Insert last(List<Delta.Insert> runs, int before) {
        return runs.get(runs.size() - 1 - before);
    }

    private static void refuseNestedTypes(List<Delta.Insert> runs) {
        if (runs.stream().anyMatch(run -> run.insert() instanceof YType)) {
            throw Problem.of(
                    ProblemCode.CONFLICT, "This version holds shared types within its text, which cannot be restored.");
        }
    }

    private static int length(List<Delta.Insert> runs) {
        return runs.stream()
                .mapToInt(run -> run.insert() instanceof String text ? text.length() : 1)
                .sum();
    }
}
