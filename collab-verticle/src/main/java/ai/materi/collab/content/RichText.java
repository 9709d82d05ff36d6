package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YXmlFragment;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document whose text lives in an XML fragment. */
record RichText(String name, YXmlFragment root, List<Element> tree) {
    static RichText of(Roots.Rich rich) {
        return new RichText(rich.name(), rich.fragment(), LiveTree.read(rich.fragment()));
    }

    String render(Format format) {
        Rendering rendering = rendering(format);
        boolean shaped = isBlockNote() && format != Format.PROSEMIRROR;
        return rendering.document(shaped ? BlockNote.readable(tree) : tree);
    }

    boolean isBlockNote() {
        return name.equals(Roots.BLOCKNOTE);
    }

    /** Text within images or images within text: as the document has it, or as TipTap does by default. */
    Rendering rendering(Format format) {
        return new Rendering(format, holdsImagesInText(tree));
    }

    private static boolean holdsImagesInText(List<Element> blocks) {
        return blocks.stream()
                .anyMatch(b -> b.isText() ? b.content().hasObject(Element.IMAGE) : holdsImagesInText(b.children()));
    }

    void replace(Doc doc, Format format, String target, @Nullable String base) {
        if (isBlockNote() && format != Format.PROSEMIRROR) {
            throw Problem.of(
                    ProblemCode.UNSUPPORTED_FORMAT,
                    "A BlockNote document is replaced as ProseMirror JSON or Yjs state; other formats only read it.");
        }
        Rendering rendering = rendering(format);
        Patch patch = new Patch();
        Conflicts conflicts = new Conflicts();
        BlockMerge merge = new BlockMerge(rendering, base == null ? Rule.CALLER : Rule.REFUSE, patch, conflicts);
        List<Element> wanted = parsed(rendering, target);
        if (base == null) {
            merge.replace(tree, wanted);
        } else {
            merge.merge(parsed(rendering, base), tree, wanted);
        }
        conflicts.refuse();
        write(doc, patch);
    }

    private List<Element> parsed(Rendering rendering, String text) {
        List<Element> blocks = rendering.parse(text);
        return rendering.format() == Format.TEXT ? TextFormat.grouped(blocks, TextFormat.blocks(tree)) : blocks;
    }

    void write(Doc doc, Patch patch) {
        patch.removeEmptied(tree);
        if (!patch.isEmpty()) {
            doc.transact(Contents.ORIGIN, tx -> patch.apply(root));
        }
    }
}
