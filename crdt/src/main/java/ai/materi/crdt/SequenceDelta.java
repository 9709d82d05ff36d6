package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a transaction did to the sequence of an array or of XML children, read in one walk over its items. */
final class SequenceDelta {
    private final Doc doc;
    private final Items items;
    private final YEvent event;
    private final List<Delta> out = new ArrayList<>();
    private int retained;
    private int deleted;
    private @Nullable List<@Nullable Object> inserted;

    SequenceDelta(Doc doc, YEvent event) {
        this.doc = doc;
        this.items = doc.store().items;
        this.event = event;
    }

    List<Delta> read() {
        if (!event.changesSequence()) {
            return out;
        }
        for (int i = event.branch().start; i != Items.NONE; i = items.right[i]) {
            visit(i);
        }
        retained = 0;
        flush();
        return out;
    }

    private void visit(int item) {
        boolean added = event.adds(item);
        if (items.isDeleted(item)) {
            if (!added && event.deletes(item)) {
                flushUnless(deleted > 0);
                deleted += items.len[item];
            }
        } else if (added) {
            flushUnless(inserted != null);
            inserted = inserted == null ? new ArrayList<>() : inserted;
            doc.values().addAll(item, inserted);
        } else {
            flushUnless(retained > 0);
            retained += items.len[item];
        }
    }

    private void flushUnless(boolean same) {
        if (!same) {
            flush();
        }
    }

    private void flush() {
        if (retained > 0) {
            out.add(new Delta.Retain(retained));
        } else if (deleted > 0) {
            out.add(new Delta.Delete(deleted));
        } else if (inserted != null) {
            out.add(new Delta.Insert(Collections.unmodifiableList(inserted)));
        }
        retained = 0;
        deleted = 0;
        inserted = null;
    }
}
