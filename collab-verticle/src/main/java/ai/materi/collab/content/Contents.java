package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.AttributedBlock;
import ai.materi.proto.collab.v1.Block;
import ai.materi.proto.collab.v1.Edit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content in and out of a live document (promise 2). Nothing here is thread-safe and all of it computes: call it off the
 * event loop, on a document of your own, and send what changed on to the live one.
 */
public final class Contents {
    /** Origin of the transactions that are made here. */
    public static final Object ORIGIN = new Object() {
        @Override
        public String toString() {
            return "contents";
        }
    };

    /** Edits in one call. */
    public static final int MOST_EDITS = 1_000;

    private Contents() {}

    /** The document in a format: UTF-8, or a Yjs update with the whole state. */
    public static byte[] render(Doc doc, Format format) {
        if (format == Format.YJS) {
            return doc.encodeState();
        }
        Roots root = Roots.of(doc);
        String text = root instanceof Roots.Plain plain
                ? PlainText.render(plain.text(), format)
                : RichText.of((Roots.Rich) root).render(format);
        return Bounds.encode(text);
    }

    /**
     * Edits the document so that its rendering equals the target, and touches only what differs. With a base, a rendering
     * that was served before, what the caller changed since is merged with what others changed.
     *
     * @param target UTF-8 of at most 32 MiB, or for {@link Format#YJS} an update, which is applied
     * @throws ai.materi.platform.problem.Problem content_invalid, too_large, merge_conflict with the member {@code blocks}
     *     (a list of {@code id} and {@code excerpt}), unsupported_format; the document is as it was
     */
    public static void replace(Doc doc, Format format, byte[] target, byte @Nullable [] base) {
        if (format == Format.YJS) {
            YjsFormat.apply(doc, target, base);
            return;
        }
        String wanted = Bounds.decode(target);
        String had = base == null ? null : Bounds.decode(base);
        Roots root = Roots.of(doc);
        if (root instanceof Roots.Plain plain) {
            PlainText.replace(plain.text(), format, wanted, had);
        } else {
            RichText.of((Roots.Rich) root).replace(doc, format, wanted, had);
        }
    }

    /**
     * Edits the document so that its texts are those of an earlier state of it, with everything in them, and touches only
     * what differs. Whatever else the document holds stays as it is.
     *
     * @throws ai.materi.platform.problem.Problem conflict when the earlier state holds something, but no text
     */
    public static void restore(Doc doc, Doc past) {
        new Restoration(doc, past).apply();
    }

    /**
     * Applies edits in order, each seeing what those before it left. A problem can come after some were made: give a
     * document of your own, and throw it away then.
     *
     * <p>Blocks are named {@code client:clock}; where the text is a plain {@code Y.Text}, its one block is named like its
     * root. Plain content put into text takes the marks around it.
     *
     * @throws ai.materi.platform.problem.Problem block_unknown, position_out_of_range, quote_not_found, quote_ambiguous
     *     with the member {@code count}, content_invalid, invalid_field, unsupported_format
     */
    public static void edit(Doc doc, List<Edit> edits) {
        if (edits.isEmpty() || edits.size() > MOST_EDITS) {
            throw Problem.of(ProblemCode.INVALID_FIELD, "1 to " + MOST_EDITS + " edits are expected.");
        }
        doc.transact(ORIGIN, tx -> {
            Roots root = Roots.of(doc);
            if (root instanceof Roots.Plain plain) {
                PlainEdits editor = new PlainEdits(plain);
                edits.forEach(editor::apply);
            } else {
                Edits editor = new Edits(doc, (Roots.Rich) root);
                edits.forEach(editor::apply);
            }
        });
    }

    /**
     * The blocks that hold text, in document order. A hard break counts as one unit ({@code \n}) of a block's text, any
     * other inline element, too (U+FFFC), so that offsets in it are those that ranges use.
     */
    public static List<Block> blocks(Doc doc) {
        Roots root = Roots.of(doc);
        return root instanceof Roots.Plain plain
                ? List.of(PlainEdits.block(plain))
                : BlockList.of(RichText.of((Roots.Rich) root).tree());
    }

    /**
     * Who wrote the text, by block and range; blocks without text are left out.
     *
     * @param most ranges
     * @throws ai.materi.platform.problem.Problem too_large when there are more
     */
    public static List<AttributedBlock> attribution(Doc doc, Writers writers, int most) {
        return AttributedText.of(Roots.of(doc), writers, most);
    }
}
