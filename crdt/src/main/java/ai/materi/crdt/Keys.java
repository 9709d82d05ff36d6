package ai.materi.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The keys of map entries and attributes, interned to ints. */
final class Keys {
    private final Map<String, Integer> ids = new HashMap<>(0);
    private final List<String> names = new ArrayList<>(0);

    int intern(String name) {
        Integer known = ids.get(name);
        if (known != null) {
            return known;
        }
        names.add(name);
        ids.put(name, names.size() - 1);
        return names.size() - 1;
    }

    /** The key's number, or {@link Items#NONE} when nothing ever had it. */
    int find(String name) {
        Integer known = ids.get(name);
        return known == null ? Items.NONE : known;
    }

    String name(int key) {
        return names.get(key);
    }

    long estimatedBytes() {
        return 120L * names.size();
    }
}
