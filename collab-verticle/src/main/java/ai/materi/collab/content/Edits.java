package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.collab.content.Targets.Stretch;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Insert;
import ai.materi.proto.collab.v1.Replace;
import ai.materi.proto.collab.v1.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addressed edits of rich text, one after the other, each seeing what those before it left. */
final class Edits {
    private final Doc doc;
    private final YXmlFragment root;
    private final boolean blockNote;
    private @Nullable List<Element> tree;

    Edits(Doc doc, Roots.Rich rich) {
        this.doc = doc;
        this.root = rich.fragment();
        this.blockNote = rich.name().equals(Roots.BLOCKNOTE);
    }

    private List<Element> tree() {
        List<Element> known = tree;
        if (known == null) {
            known = LiveTree.read(root);
            tree = known;
        }
        return known;
    }

    private RichText text() {
        return new RichText(blockNote ? Roots.BLOCKNOTE : Roots.RICH.get(0), root, tree());
    }

    void apply(Edit edit) {
        switch (edit.getOperationCase()) {
            case INSERT -> insert(edit.getInsert());
            case REPLACE -> replace(edit.getReplace());
            case DELETE -> delete(edit.getDelete().getTarget());
            case APPEND ->
                append(Format.of(edit.getAppend().getFormat()), edit.getAppend().getContent());
            case OPERATION_NOT_SET -> throw Problem.of(ProblemCode.INVALID_FIELD, "An edit needs an operation.");
        }
        tree = null;
    }

    /** The stretch that a target names; null when it names a whole block. */
    private @Nullable Stretch stretch(Target target) {
        return switch (target.getAddressCase()) {
            case RANGE -> Targets.range(doc, root, target.getRange());
            case QUOTE -> Targets.quote(tree(), target.getQuote());
            case BLOCK -> null;
            case ADDRESS_NOT_SET -> throw Problem.of(ProblemCode.INVALID_FIELD, "An edit needs a target.");
        };
    }

    private void insert(Insert insert) {
        Format format = Format.of(insert.getFormat());
        Stretch stretch = stretch(insert.getTarget());
        if (stretch != null) {
            int at = insert.getAfter() ? stretch.to() : stretch.from();
            exchange(new Stretch(stretch.block(), at, at), format, insert.getContent());
            return;
        }
        Element block = Targets.block(doc, root, insert.getTarget().getBlock());
        List<Element> blocks = beside(block, blocks(format, insert.getContent()));
        Patch patch = new Patch();
        if (insert.getAfter()) {
            patch.insertAfter(block, blocks);
        } else {
            patch.insertBefore(block, blocks);
        }
        write(patch, block);
    }

    private void replace(Replace replace) {
        Format format = Format.of(replace.getFormat());
        Stretch stretch = stretch(replace.getTarget());
        if (stretch != null) {
            exchange(stretch, format, replace.getContent());
            return;
        }
        Element block = Targets.block(doc, root, replace.getTarget().getBlock());
        List<Element> blocks = blocks(format, replace.getContent());
        if (blocks.isEmpty()) {
            remove(block);
            return;
        }
        Rendering rendering = text().rendering(format);
        Patch patch = new Patch();
        if (rendering.blocks(List.of(block)).size() == 1 && parentOf(block, Element.LISTS) == null) {
            new BlockMerge(rendering, Rule.CALLER, patch, new Conflicts()).replace(List.of(block), blocks);
        } else {
            patch.insertBefore(block, beside(block, blocks));
            patch.remove(block);
        }
        write(patch, block);
    }

    private void delete(Target target) {
        Stretch stretch = stretch(target);
        if (stretch == null) {
            remove(Targets.block(doc, root, target.getBlock()));
        } else {
            exchange(stretch, Format.TEXT, "");
        }
    }

    /** Removes a block, and what would be left empty around it. */
    private void remove(Element block) {
        Element gone = block;
        Element around = parent(gone);
        while (around != null && around.children().size() == 1 && !isCell(around)) {
            gone = around;
            around = parent(gone);
        }
        Patch patch = new Patch();
        patch.remove(gone);
        write(patch, gone);
    }

    private static boolean isCell(Element element) {
        return element.is(Element.CELL) || element.is(Element.HEADER_CELL);
    }

    private void append(Format format, String content) {
        List<Element> blocks = blocks(format, content);
        if (blockNote) {
            throw beyondBlockNote();
        }
        Patch patch = new Patch();
        Appending.append(patch, tree(), blocks);
        write(patch, null);
    }

    private List<Element> blocks(Format format, String content) {
        if (format == Format.YJS) {
            throw Problem.of(ProblemCode.UNSUPPORTED_FORMAT, "An edit's content is text of some format.");
        }
        List<Element> blocks = new ArrayList<>();
        text().rendering(format).parse(Bounds.decode(Bounds.encode(content))).forEach(b -> blocks.add(b.anew()));
        return blocks;
    }

    /** The blocks in the shape in which they may stand beside another: among items they are items. */
    private List<Element> beside(Element block, List<Element> blocks) {
        if (blockNote) {
            throw beyondBlockNote();
        }
        if (parentOf(block, Element.LISTS) == null) {
            if (block.is(Element.ROW) || isCell(block)) {
                throw Bounds.invalid("Blocks cannot stand beside a " + block.name() + ".");
            }
            return blocks;
        }
        List<Element> items = new ArrayList<>();
        for (Element each : new Fit(true).blocks(blocks)) {
            boolean sameKind = each.isList() && each.children().get(0).is(block.name());
            items.addAll(sameKind ? each.children() : List.of(item(block, each)));
        }
        return items;
    }

    private static Element item(Element like, Element block) {
        var attributes = like.is(Element.TASK_ITEM)
                ? Values.with(java.util.Map.of(), "checked", false)
                : Values.map(java.util.Map.of());
        return new Fit(true)
                .blocks(List.of(Element.node(like.name(), attributes, List.of(block))))
                .get(0);
    }

    private static Problem beyondBlockNote() {
        return Problem.of(
                ProblemCode.UNSUPPORTED_FORMAT,
                "In a BlockNote document edits address text inside of blocks; it is replaced as ProseMirror JSON or Yjs state.");
    }

    private @Nullable Element parentOf(Element block, java.util.Set<String> names) {
        Element parent = parent(block);
        return parent != null && names.contains(parent.name()) ? parent : null;
    }

    private static @Nullable Element parent(Element block) {
        YXmlFragment parent = block.source() == null ? null : block.source().parent();
        if (parent instanceof YXmlElement live) {
            YType around = live.parent();
            return around instanceof YXmlFragment fragment ? LiveTree.read(live, fragment) : null;
        }
        return null;
    }

    private void exchange(Stretch stretch, Format format, String content) {
        Element block = stretch.block();
        Inline present = block.content();
        Inline fresh = InlineContent.read(text().rendering(format), block, content);
        Inline around = InlineContent.dressed(fresh, present, stretch.from(), stretch.to());
        Inline next = present.slice(0, stretch.from()).plus(around).plus(present.slice(stretch.to(), present.length()));
        Patch patch = new Patch();
        patch.revise(block, block.attributes(), next);
        write(patch, null);
    }

    private void write(Patch patch, @Nullable Element beside) {
        Element container = beside == null ? null : parent(beside);
        if (container != null) {
            BlockMerge.repair(patch, container);
        }
        doc.transact(Contents.ORIGIN, tx -> patch.apply(root));
    }
}
