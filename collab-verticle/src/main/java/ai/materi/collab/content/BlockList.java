package ai.materi.collab.content;

import ai.materi.proto.collab.v1.Block;
import java.util.ArrayList;
import java.util.List;

/** The text blocks of a document in order, as callers see them. */
final class BlockList {
    private BlockList() {}

    static List<Block> of(List<Element> tree) {
        List<Block> blocks = new ArrayList<>();
        collect(tree, 0, blocks);
        return blocks;
    }

    private static void collect(List<Element> children, int depth, List<Block> into) {
        for (Element child : children) {
            if (child.isText() && child.source() != null) {
                into.add(Block.newBuilder()
                        .setId(child.source().id())
                        .setType(child.name())
                        .setLevel(child.is(Element.HEADING) ? Shown.level(child) : 0)
                        .setText(Bounds.wellFormed(child.content().text()))
                        .setDepth(depth)
                        .build());
            }
            collect(child.children(), depth + 1, into);
        }
    }
}
