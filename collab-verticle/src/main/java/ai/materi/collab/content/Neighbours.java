package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Id;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A place between blocks, remembered by the blocks around it, nearest first: it outlives the deletion of most of them. */
record Neighbours(List<Id> before, List<Id> after) {
    /** A place in a live parent. */
    record Gap(YXmlFragment parent, int index) {}

    static final Neighbours NONE = new Neighbours(List.of(), List.of());
    private static final int REMEMBERED = 50;
    private static final Set<String> NO_BLOCKS =
            Set.of(Element.BULLET_LIST, Element.ORDERED_LIST, Element.TASK_LIST, Element.TABLE, Element.ROW);

    /** The place after a block; where blocks cannot stand beside it, after what is around it. */
    static Neighbours of(Element block) {
        YXmlElement live = java.util.Objects.requireNonNull(block.source()).element();
        while (live.parent() instanceof YXmlElement around && NO_BLOCKS.contains(around.nodeName())) {
            live = around;
        }
        YXmlFragment parent = (YXmlFragment) java.util.Objects.requireNonNull(live.parent());
        List<YType> siblings = parent.children();
        int at = siblings.indexOf(live);
        List<Id> before = new ArrayList<>();
        for (int i = at; i >= 0 && i > at - REMEMBERED; i--) {
            add(siblings.get(i), before);
        }
        List<Id> after = new ArrayList<>();
        for (int i = at + 1; i < siblings.size() && i < at + REMEMBERED; i++) {
            add(siblings.get(i), after);
        }
        return new Neighbours(before, after);
    }

    private static void add(YType sibling, List<Id> into) {
        Id id = sibling.id();
        if (id != null) {
            into.add(id);
        }
    }

    Gap gap(Doc doc, YXmlFragment root) {
        for (Id id : before) {
            if (doc.typeById(id) instanceof YXmlElement live && live.parent() instanceof YXmlFragment parent) {
                return new Gap(parent, parent.children().indexOf(live) + 1);
            }
        }
        for (Id id : after) {
            if (doc.typeById(id) instanceof YXmlElement live && live.parent() instanceof YXmlFragment parent) {
                return new Gap(parent, parent.children().indexOf(live));
            }
        }
        return new Gap(root, root.length());
    }
}
