package ai.materi.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of formatting contents: scalars are kept once, objects once an item. */
final class Formats {
    private final List<FormatContent> all = new ArrayList<>(0);
    private final Map<String, Integer> shared = new HashMap<>(0);
    private final List<Integer> free = new ArrayList<>(0);

    FormatContent get(int i) {
        return all.get(i);
    }

    int add(FormatContent content) {
        if (!content.isShareable()) {
            return place(content);
        }
        return shared.computeIfAbsent(content.interningKey(), k -> place(content));
    }

    private int place(FormatContent content) {
        if (free.isEmpty()) {
            all.add(content);
            return all.size() - 1;
        }
        int i = free.remove(free.size() - 1);
        all.set(i, content);
        return i;
    }

    void release(int i) {
        if (!all.get(i).isShareable()) {
            free.add(i);
        }
    }

    long estimatedBytes() {
        return 160L * all.size();
    }
}
