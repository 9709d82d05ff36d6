package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a document, or what somebody lacks of it, encoded a portion at a time while the document goes on changing.
 * Each author's items are written up to the clock that they had reached at the beginning, as they stand when their turn
 * comes: what was split, joined or deleted meanwhile is written so. With the updates that the document has announced since
 * the beginning it says all that the document holds then, in whichever order they are applied. Used where the document is.
 */
public final class GradualState {
    private static final byte[] LATER = {};
    /** Content of so many bytes is as much work as a struct. */
    private static final int BYTES_A_STRUCT = 128;

    private final Store store;
    private final StateEncoder encoder;
    private final List<byte[]> waiting;
    private final List<byte[]> parts = new ArrayList<>();
    /** Authors, highest id first, and the clocks that they had reached. */
    private final int[] authors;

    private final int[] reached;
    /** What of them is known already. */
    private final int[] known;

    private Stage stage = Stage.STRUCTS;
    private int author;
    private int clock;
    /** Of the section that is being written. */
    private int header = -1;

    private int written;
    /** Sections that were written, to stand before them. */
    private int sections;

    private int sectionsAt;
    private int deletedFrom = -1;
    private int deletedTo;

    private enum Stage {
        STRUCTS,
        DELETIONS,
        DONE
    }

    GradualState(Store store, StateVector remote, List<byte[]> waiting) {
        this.store = store;
        this.encoder = new StateEncoder(store, 1 << 12, false);
        this.waiting = waiting;
        this.authors = store.clients.descending();
        this.reached = new int[authors.length];
        this.known = new int[authors.length];
        for (int a = 0; a < authors.length; a++) {
            Client client = store.clients.at(authors[a]);
            reached[a] = client.state;
            known[a] = (int) Math.min(client.state, remote.get(client.id));
        }
        parts.add(LATER);
        begin();
    }

    /**
     * Encodes on.
     *
     * @param structs roughly how many at most
     * @return whether that was the last of it
     */
    public boolean next(int structs) {
        int work = structs;
        while (work > 0 && stage != Stage.DONE) {
            if (author == authors.length) {
                endStage();
            } else if (stage == Stage.STRUCTS) {
                work -= structs(work);
            } else {
                work -= deletions(work);
            }
        }
        flush();
        return stage == Stage.DONE;
    }

    /** The update, in format v1, in pieces that follow each other; once it is done. */
    public List<byte[]> parts() {
        if (stage != Stage.DONE) {
            throw new IllegalStateException("the state is not encoded yet");
        }
        return List.copyOf(parts);
    }

    /** What waited at the beginning for what it builds on, as updates of its own. */
    public List<byte[]> waiting() {
        return waiting;
    }

    /** Begins with the next author of the stage. */
    private void begin() {
        clock = author == authors.length || stage == Stage.DELETIONS ? 0 : known[author];
        header = -1;
        written = 0;
    }

    private int structs(int work) {
        Client client = store.clients.at(authors[author]);
        Items items = store.items;
        int from = encoder.size();
        int structs = 0;
        if (clock < reached[author]) {
            openSection();
            int p = client.find(items, clock);
            while (clock < reached[author] && structs + (encoder.size() - from) / BYTES_A_STRUCT < work) {
                int item = client.get(p++);
                encoder.struct(item, clock - Items.clock(items.id[item]));
                clock = items.endClock(item);
                structs++;
            }
        }
        written += structs;
        if (clock >= reached[author]) {
            closeSection(client, known[author]);
        }
        return 1 + structs + (encoder.size() - from) / BYTES_A_STRUCT;
    }

    private int deletions(int work) {
        Client client = store.clients.at(authors[author]);
        Items items = store.items;
        int p = client.find(items, clock);
        int seen = 0;
        while (clock < reached[author] && seen < work) {
            int item = client.get(p++);
            int begin = clock;
            clock = items.endClock(item);
            seen++;
            if (!items.isDeleted(item)) {
                endRange();
            } else if (deletedFrom < 0) {
                openSection();
                deletedFrom = begin;
                deletedTo = clock;
            } else {
                deletedTo = clock;
            }
        }
        if (clock >= reached[author]) {
            endRange();
            closeSection(client, -1);
        }
        return 1 + seen;
    }

    private void endRange() {
        if (deletedFrom >= 0) {
            encoder.range(deletedFrom, deletedTo);
            written++;
            deletedFrom = -1;
        }
    }

    /** How many there are is written in front, once it is known. */
    private void openSection() {
        if (header < 0) {
            flush();
            header = parts.size();
            parts.add(LATER);
        }
    }

    /** @param clock of the first struct; negative in the deletions, which have none in front */
    private void closeSection(Client client, int clock) {
        if (header >= 0) {
            flush();
            ByteWriter head = new ByteWriter(24);
            if (clock >= 0) {
                head.varUint(written);
                head.varUint(client.id);
                head.varUint(clock);
            } else {
                head.varUint(client.id);
                head.varUint(written);
            }
            parts.set(header, head.toByteArray());
            sections++;
        }
        author++;
        begin();
    }

    private void endStage() {
        flush();
        ByteWriter count = new ByteWriter(8);
        count.varUint(sections);
        parts.set(sectionsAt, count.toByteArray());
        author = 0;
        sections = 0;
        if (stage == Stage.STRUCTS) {
            stage = Stage.DELETIONS;
            sectionsAt = parts.size();
            parts.add(LATER);
        } else {
            stage = Stage.DONE;
        }
        begin();
    }

    private void flush() {
        if (encoder.size() > 0) {
            parts.add(encoder.take());
        }
    }
}
