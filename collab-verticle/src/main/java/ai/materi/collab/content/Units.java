package ai.materi.collab.content;

import ai.materi.crdt.Id;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import java.util.ArrayList;
import java.util.List;

/** The Yjs ids of the units of a block's text, as {@link LiveTree} and {@link PlainText} count them. */
final class Units {
    /** Units whose clocks follow each other; {@code from} is the first one's place in the block. */
    record Run(int from, long client, long clock, long length) {}

    private final List<Run> runs = new ArrayList<>();
    private int length;

    static Units of(YXmlElement block) {
        Units units = new Units();
        for (YType node : block.children()) {
            Id id = node.id();
            if (node instanceof YText text) {
                text.forEachRun(units::add);
            } else if (id != null) {
                units.add(id.client(), id.clock(), 1);
            }
        }
        return units;
    }

    static Units of(YText text) {
        Units units = new Units();
        text.forEachRun(units::add);
        return units;
    }

    private void add(long client, long clock, long units) {
        runs.add(new Run(length, client, clock, units));
        length += (int) units;
    }

    List<Run> runs() {
        return runs;
    }

    /** The id of the unit at an index. */
    Id at(int index) {
        int low = 0;
        int high = runs.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (runs.get(middle).from() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Run run = runs.get(low);
        return new Id(run.client(), run.clock() + index - run.from());
    }
}
