package ai.materi.collab.content;

import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;

/** Where a node was read from: the live element, the live parent that holds it and its index there. */
record Source(YXmlFragment parent, int index, YXmlElement element) {
    /** The element's id as callers write it. */
    String id() {
        return String.valueOf(element.id());
    }
}
