package ai.materi.collab.content;

import java.util.List;

/** The end of a document as its readers see it: behind the last block that shows, before blank paragraphs. */
final class Appending {
    private Appending() {}

    static void append(Patch patch, List<Element> tree, List<Element> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        for (int i = tree.size() - 1; i >= 0; i--) {
            if (!Shown.blocks(List.of(tree.get(i)), false).isEmpty()) {
                patch.insertAfter(tree.get(i), blocks);
                return;
            }
        }
        Element first = tree.isEmpty() ? null : tree.get(0);
        if (first == null) {
            patch.append(null, blocks);
        } else if (first.is(Element.PARAGRAPH)
                && first.content().isEmpty()
                && blocks.get(0).is(Element.PARAGRAPH)) {
            patch.revise(first, first.attributes(), blocks.get(0).content());
            patch.insertAfter(first, blocks.subList(1, blocks.size()));
        } else {
            patch.insertBefore(first, blocks);
        }
    }
}
