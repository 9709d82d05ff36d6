package ai.materi.collab.service;

import ai.materi.collab.room.Draft;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Works an edit out on a copy of the live document, off the event loop. */
final class Scratch {
    private static final byte[] NOTHING = {0, 0};

    private Scratch() {}

    /**
     * What an edit changes, in Yjs format v1. The draft has an author of its own, so that the edit merges with whatever
     * happens in the live document meanwhile.
     */
    static byte[] changes(Draft draft, Consumer<Doc> edit) {
        Doc doc = Doc.of(draft.state(), draft.author());
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> updates.add(update));
        edit.accept(doc);
        return updates.isEmpty() ? NOTHING : Updates.merge(updates);
    }
}
