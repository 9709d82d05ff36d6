package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import java.nio.charset.StandardCharsets;
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

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<Format> readable() {
        return List.of(Format.values());
    }
}
