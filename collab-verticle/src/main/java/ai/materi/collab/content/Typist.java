package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.collab.content.MarkdownParser.Placed;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Id;
import ai.materi.crdt.RelativePosition;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import ai.materi.crdt.YXmlText;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Quote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Types Markdown into a live document as it streams in, while people go on writing.
 *
 * <p>The source of the block that is being written is read anew with every chunk, and what differs from what was written
 * before is merged into the live block: what people did there stands. A block is finished when the next one begins. Live
 * blocks are held by their ids, so nobody's edits elsewhere move anything. When people delete the block that is being
 * written, the rest goes on in a new one after the nearest block that is left.
 *
 * <p>Each call is one transaction; the caller's thread is the document's. Not for documents whose text is a plain
 * {@code Y.Text} or BlockNote's: unsupported_format.
 */
public final class Typist {
    /** Where to type. */
    public sealed interface Place {
        /** Behind the last block that shows. */
        record End() implements Place {}

        /** After a block, named {@code client:clock}. */
        record AfterBlock(String id) implements Place {}

        /** Instead of a quoted text: the first paragraph in its place, further blocks after its block. */
        record InsteadOf(Quote quote) implements Place {}
    }

    /** Signs of one writing. */
    public static final int LONGEST = 4 * 1024 * 1024;

    private record Unit(Id id, Element written) {}

    private final Doc doc;
    private final YXmlFragment root;
    private final Rendering rendering;
    private final Neighbours neighbours;
    private final List<Unit> units = new ArrayList<>();
    private final StringBuilder whole = new StringBuilder();
    private final StringBuilder open = new StringBuilder();
    private String held = "";
    private int firstOpen;
    private boolean interrupted;
    private @Nullable TypedText inText;

    /** Finds the place. Throws block_unknown, quote_not_found, quote_ambiguous, unsupported_format. */
    public Typist(Doc doc, Place place) {
        if (!(Roots.of(doc) instanceof Roots.Rich rich) || rich.name().equals(Roots.BLOCKNOTE)) {
            throw Problem.of(ProblemCode.UNSUPPORTED_FORMAT, "An agent types into rich text only.");
        }
        RichText text = RichText.of(rich);
        this.doc = doc;
        this.root = rich.fragment();
        this.rendering = text.rendering(Format.MARKDOWN);
        this.neighbours = begin(text, place);
    }

    private Neighbours begin(RichText text, Place place) {
        if (place instanceof Place.AfterBlock after) {
            return Neighbours.of(Targets.block(doc, root, after.id()));
        }
        if (place instanceof Place.InsteadOf instead) {
            return begin(Targets.quote(text.tree(), instead.quote()));
        }
        Element last = null;
        for (Element element : text.tree()) {
            last = Shown.blocks(List.of(element), false).isEmpty() ? last : element;
        }
        boolean blank =
                last == null && !text.tree().isEmpty() && text.tree().get(0).is(Element.PARAGRAPH);
        if (blank) {
            own(text.tree().get(0));
        }
        return last == null ? Neighbours.NONE : Neighbours.of(last);
    }

    private Neighbours begin(Targets.Stretch stretch) {
        Element block = stretch.block();
        Inline present = block.content();
        boolean all = stretch.from() == 0 && stretch.to() == present.length() && block.is(Element.PARAGRAPH);
        Inline rest = present.slice(0, stretch.from()).plus(present.slice(stretch.to(), present.length()));
        Patch patch = new Patch();
        patch.revise(block, block.attributes(), rest);
        doc.transact(Contents.ORIGIN, tx -> patch.apply(root));
        if (all) {
            own(block);
        } else {
            inText = new TypedText(doc, live(block), stretch.from());
        }
        return Neighbours.of(block);
    }

    private static YXmlElement live(Element element) {
        return java.util.Objects.requireNonNull(element.source()).element();
    }

    private void own(Element blank) {
        Id id = live(blank).id();
        if (id != null) {
            units.add(new Unit(id, Element.paragraph(Inline.EMPTY)));
        }
    }

    /** Types what came in. A chunk may end anywhere: in a marker, in a surrogate pair. */
    public void type(String markdownChunk) {
        String chunk = held + markdownChunk;
        int keep = chunk.isEmpty() || !isHalf(chunk.charAt(chunk.length() - 1)) ? 0 : 1;
        held = chunk.substring(chunk.length() - keep);
        add(chunk.substring(0, chunk.length() - keep));
        doc.transact(Contents.ORIGIN, tx -> write(false));
    }

    private static boolean isHalf(char c) {
        return Character.isHighSurrogate(c) || c == '\r';
    }

    private void add(String text) {
        String clean = Bounds.clean(Bounds.wellFormed(text));
        if (whole.length() + clean.length() > LONGEST) {
            throw Problem.of(ProblemCode.TOO_LARGE, "A writing has at most " + LONGEST + " signs.");
        }
        whole.append(clean);
        open.append(clean);
    }

    /** Ends the writing: what was held back is written, and everything gets the structure that the whole Markdown gives. */
    public void finish() {
        add(held);
        held = "";
        doc.transact(Contents.ORIGIN, tx -> {
            write(true);
            if (!interrupted && inText == null) {
                settle();
            }
        });
    }

    private void settle() {
        List<Element> blocks = new Fit(rendering.imagesInText()).blocks(MarkdownParser.parse(whole.toString()));
        for (int i = 0; blocks.size() == units.size() && i < blocks.size(); i++) {
            update(i, blocks.get(i));
        }
    }

    private void write(boolean finishing) {
        goOnIfDeleted();
        String source = finishing ? open.toString() : Streamed.shown(open.toString());
        List<Placed> placed = placed(source, finishing);
        int skip = inText == null ? 0 : writeInText(placed);
        List<Placed> blocks = placed.subList(skip, placed.size());
        for (int i = 0; i < blocks.size(); i++) {
            if (firstOpen + i < units.size()) {
                update(firstOpen + i, blocks.get(i).block());
            } else {
                insert(blocks.get(i).block());
            }
        }
        if (!blocks.isEmpty()) {
            takeBack(firstOpen + blocks.size());
        }
        if (placed.size() > 1 && !finishing) {
            finishAllButLast(placed, blocks.size());
        }
    }

    private List<Placed> placed(String source, boolean finishing) {
        Fit fit = new Fit(rendering.imagesInText());
        List<Placed> placed = new ArrayList<>();
        for (Placed each : MarkdownParser.parsePlaced(source)) {
            fit.blocks(List.of(each.block())).forEach(b -> placed.add(new Placed(b, each.sourceStart())));
        }
        int last = placed.size() - 1;
        boolean maybeTable = last >= 0
                && !finishing
                && placed.get(last).block().is(Element.PARAGRAPH)
                && source.startsWith("|", placed.get(last).sourceStart());
        return maybeTable ? placed.subList(0, last) : placed;
    }

    /** The first paragraph goes into the text where the quote stood; how many blocks that took. */
    private int writeInText(List<Placed> placed) {
        TypedText typed = inText;
        if (typed == null || placed.isEmpty()) {
            return 0;
        }
        boolean paragraph = placed.get(0).block().is(Element.PARAGRAPH);
        if (paragraph) {
            typed.write(rendering, placed.get(0).block().content());
        }
        return paragraph ? 1 : 0;
    }

    private void goOnIfDeleted() {
        int last = units.size() - 1;
        boolean deleted = last >= firstOpen && doc.typeById(units.get(last).id()) == null;
        if (deleted) {
            interrupted = true;
            int shown = Math.min(open.length(), shownLength);
            open.delete(0, shown);
            while (units.size() > firstOpen) {
                units.remove(units.size() - 1);
            }
        }
        shownLength = open.length();
    }

    private int shownLength;

    private void update(int index, Element block) {
        Unit unit = units.get(index);
        if (rendering.part(unit.written()).equals(rendering.part(block))
                || !(doc.typeById(unit.id()) instanceof YXmlElement live)
                || !(live.parent() instanceof YXmlFragment parent)) {
            return;
        }
        Element present = LiveTree.read(live, parent);
        int at = java.util.Objects.requireNonNull(present.source()).index();
        Patch patch = new Patch();
        new BlockMerge(rendering, Rule.OTHERS, patch, new Conflicts()).one(unit.written(), present, block);
        patch.apply(root);
        Id id = live.isLive() ? unit.id() : ((YXmlElement) parent.child(at)).id();
        units.set(index, new Unit(id == null ? unit.id() : id, block));
    }

    private void insert(Element block) {
        Neighbours.Gap gap = gap();
        gap.parent().insert(gap.index(), LiveWriter.created(List.of(block.anew())));
        Id id = gap.parent().child(gap.index()).id();
        if (id != null) {
            units.add(new Unit(id, block));
        }
    }

    /** After the last of our blocks that is still there, else where we began. */
    private Neighbours.Gap gap() {
        for (int i = units.size() - 1; i >= 0; i--) {
            if (doc.typeById(units.get(i).id()) instanceof YXmlElement live
                    && live.parent() instanceof YXmlFragment parent) {
                return new Neighbours.Gap(parent, parent.children().indexOf(live) + 1);
            }
        }
        return neighbours.gap(doc, root);
    }

    /** Removes blocks of ours that the Markdown no longer has, unless people wrote in them. */
    private void takeBack(int from) {
        while (units.size() > from) {
            Unit unit = units.remove(units.size() - 1);
            if (doc.typeById(unit.id()) instanceof YXmlElement live && live.parent() instanceof YXmlFragment parent) {
                Element present = LiveTree.read(live, parent);
                if (rendering.part(present).equals(rendering.part(unit.written()))) {
                    parent.delete(parent.children().indexOf(live), 1);
                }
            }
        }
    }

    private void finishAllButLast(List<Placed> placed, int blocks) {
        int start = placed.get(placed.size() - 1).sourceStart();
        int line = open.lastIndexOf("\n", start) + 1;
        int same = (int) placed.stream().filter(p -> p.sourceStart() == start).count();
        if (line == 0 || same > blocks) {
            return;
        }
        open.delete(0, Math.min(line, start));
        shownLength = open.length();
        firstOpen = units.size() - same;
        if (inText != null) {
            inText = null;
            interrupted = true;
        }
    }

    /** Where the agent's cursor is: at the end of what it has typed. */
    public RelativePosition cursor() {
        TypedText typed = inText;
        if (typed != null) {
            return typed.end();
        }
        for (int i = units.size() - 1; i >= 0; i--) {
            if (doc.typeById(units.get(i).id()) instanceof YXmlElement live) {
                return endOf(live);
            }
        }
        Neighbours.Gap gap = neighbours.gap(doc, root);
        boolean behind = gap.index() > 0 && gap.parent().child(gap.index() - 1) instanceof YXmlElement;
        return behind
                ? endOf((YXmlElement) gap.parent().child(gap.index() - 1))
                : RelativePosition.create(gap.parent(), gap.index(), -1);
    }

    private static RelativePosition endOf(YXmlElement block) {
        YXmlFragment at = block;
        for (int depth = 0; depth < Bounds.DEPTH && at.length() > 0; depth++) {
            YType last = at.child(at.length() - 1);
            if (last instanceof YXmlText text) {
                return RelativePosition.create(text, text.length(), -1);
            }
            if (!(last instanceof YXmlElement inner)) {
                break;
            }
            at = inner;
        }
        return RelativePosition.create(at, at.length(), -1);
    }
}
