package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.YXmlFragment;
import java.util.List;

/** Where a document's live text is: the first of the known roots that is not empty. */
sealed interface Roots {
    List<String> RICH = List.of("default", "prosemirror", "document-store");
    List<String> PLAIN = List.of("content", "codemirror", "monaco", "quill");
    String BLOCKNOTE = "document-store";

    /** Rich text in an XML fragment; an empty document counts as one. */
    record Rich(String name, YXmlFragment fragment) implements Roots {}

    record Plain(String name, YText text) implements Roots {}

    static Roots of(Doc doc) {
        for (String name : RICH) {
            if (!doc.rootIsEmpty(name) && isRich(doc, name)) {
                return new Rich(name, doc.xmlFragment(name));
            }
        }
        for (String name : PLAIN) {
            if (!doc.rootIsEmpty(name) && isPlain(doc, name)) {
                return new Plain(name, doc.text(name));
            }
        }
        return new Rich(RICH.get(0), empty(doc));
    }

    private static boolean isRich(Doc doc, String name) {
        try {
            return !doc.xmlFragment(name).children().isEmpty();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static boolean isPlain(Doc doc, String name) {
        try {
            return doc.text(name).length() > 0;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static YXmlFragment empty(Doc doc) {
        try {
            return doc.xmlFragment(RICH.get(0));
        } catch (IllegalStateException e) {
            throw Bounds.invalid("The document's root \"" + RICH.get(0) + "\" holds something else than rich text.");
        }
    }
}
