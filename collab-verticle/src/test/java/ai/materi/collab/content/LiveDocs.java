package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Live documents to test with. */
final class LiveDocs {
    private LiveDocs() {}

    static Doc of(List<Element> blocks) {
        Doc doc = new Doc(1);
        doc.xmlFragment("default").insert(0, LiveWriter.created(blocks));
        return copy(doc, 2);
    }

    static Doc markdown(String markdown) {
        Doc doc = new Doc(1);
        Contents.replace(doc, Format.MARKDOWN, bytes(markdown), null);
        return copy(doc, 2);
    }

    /** The same document on another machine. */
    static Doc copy(Doc doc, long client) {
        Doc copy = new Doc(client);
        copy.applyUpdate(doc.encodeState(), null);
        return copy;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String render(Doc doc, Format format) {
        return new String(Contents.render(doc, format), StandardCharsets.UTF_8);
    }

    static String markdown(Doc doc) {
        return render(doc, Format.MARKDOWN);
    }

    static List<Element> tree(Doc doc) {
        return LiveTree.read(doc.xmlFragment("default"));
    }

    static List<String> ids(Doc doc) {
        return Contents.blocks(doc).stream().map(b -> b.getId()).toList();
    }

    static void put(Doc doc, String markdown) {
        Contents.replace(doc, Format.MARKDOWN, bytes(markdown), null);
    }

    static void merge(Doc doc, String markdown, String base) {
        Contents.replace(doc, Format.MARKDOWN, bytes(markdown), bytes(base));
    }
}
