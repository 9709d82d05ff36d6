package ai.materi.crdt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Edits of rich text. Formatting lies between the text as items that begin and end it; every edit leaves as few of them
 * as yjs leaves, by the same rules in the same order, for a difference would be a different document.
 */
final class TextEditor {
    private final Store store;
    private final Items items;
    private final Editor editor;

    TextEditor(Store store, Editor editor) {
        this.store = store;
        this.items = store.items;
        this.editor = editor;
    }

    /** A place between two items, and the formatting in force there. */
    final class Position {
        int left;
        int right;
        int index;
        final Map<String, @Nullable Object> attributes = new LinkedHashMap<>(0);

        Position(int left, int right, int index) {
            this.left = left;
            this.right = right;
            this.index = index;
        }

        void forward() {
            if (!items.isDeleted(right)) {
                if (isFormat(right)) {
                    update(attributes, format(right));
                } else {
                    index += items.len[right];
                }
            }
            left = right;
            right = items.right[right];
        }
    }

    private boolean isFormat(int item) {
        return items.kind(item) == Items.FORMAT;
    }

    private FormatContent format(int item) {
        return store.formats.get(items.at[item]);
    }

    static void update(Map<String, @Nullable Object> attributes, FormatContent format) {
        if (format.value() == null) {
            attributes.remove(format.key());
        } else {
            attributes.put(format.key(), format.value());
        }
    }

    Position start(Branch parent) {
        return new Position(Items.NONE, parent.start, 0);
    }

    Position find(Transaction tx, Branch parent, int index, boolean useMarkers) {
        Markers markers = useMarkers ? parent.markers : null;
        int marker = markers == null ? -1 : markers.find(store, parent, index);
        Position position = start(parent);
        if (markers != null && marker >= 0) {
            int item = markers.item(marker);
            position = new Position(items.left[item], item, markers.index(marker));
        }
        int first = position.right;
        int firstIndex = position.index;
        if (walk(tx, position, index - firstIndex, store.positions.patience(parent))) {
            return position;
        }
        Position found = at(tx, parent, index, first);
        if (found == null) {
            found = new Position(items.left[first], first, firstIndex);
            walk(tx, found, index - firstIndex, Integer.MAX_VALUE);
        }
        return found;
    }

    /**
     * Behind the unit before an index above 0, with the formatting that a walk from {@code first} on would have met; null
     * when that has to be walked.
     */
    private @Nullable Position at(Transaction tx, Branch parent, int index, int first) {
        int left = store.positions.itemEnding(tx, parent, index);
        Map<String, @Nullable Object> formatting = store.positions.formatting(parent, first, left);
        if (formatting == null) {
            return null;
        }
        Position position = new Position(left, items.right[left], index);
        position.attributes.putAll(formatting);
        return position;
    }

    /** Goes on so many units; false when that takes more steps. */
    private boolean walk(Transaction tx, Position position, int count, int steps) {
        int left = count;
        for (int step = 0; position.right != Items.NONE && left > 0; step++) {
            if (step == steps) {
                return false;
            }
            int right = position.right;
            if (!items.isDeleted(right) && !isFormat(right)) {
                if (left < items.len[right]) {
                    store.cleanStart(tx, items.id[right] + left);
                }
                left -= items.len[right];
            }
            position.forward();
        }
        return true;
    }

    // ---- inserting

    void insert(
            Transaction tx,
            Branch parent,
            Position at,
            Object content,
            Map<String, @Nullable Object> wantedAttributes) {
        Map<String, @Nullable Object> wanted = new LinkedHashMap<>(wantedAttributes);
        for (String key : at.attributes.keySet()) {
            wanted.putIfAbsent(key, null);
        }
        passMatching(at, wanted);
        Map<String, @Nullable Object> negated = begin(tx, parent, at, wanted);
        int length = content instanceof String text ? text.length() : 1;
        editor.shift(parent, at.index, length);
        at.right = insertContent(tx, parent, at, content);
        at.forward();
        end(tx, parent, at, negated);
    }

    private int insertContent(Transaction tx, Branch parent, Position at, Object content) {
        if (content instanceof String text) {
            return editor.insertText(tx, parent, at.left, at.right, text);
        }
        if (content instanceof YType type) {
            return editor.insertType(tx, parent, at.left, at.right, Items.NONE, type);
        }
        return editor.insertEmbed(tx, parent, at.left, at.right, content);
    }

    /** Goes right over what is deleted and over formats that say what is wanted anyway. */
    private void passMatching(Position at, Map<String, @Nullable Object> wanted) {
        while (at.right != Items.NONE) {
            if (!items.isDeleted(at.right)) {
                if (!isFormat(at.right)) {
                    return;
                }
                FormatContent format = format(at.right);
                if (!JsValue.equalAttributes(wanted.get(format.key()), format.value())) {
                    return;
                }
            }
            at.forward();
        }
    }

    /** Begins the formats that are wanted and not in force; answers what must be said afterwards to undo them. */
    private Map<String, @Nullable Object> begin(
            Transaction tx, Branch parent, Position at, Map<String, @Nullable Object> wanted) {
        Map<String, @Nullable Object> negated = new LinkedHashMap<>(0);
        for (String key : JsValue.orderedKeys(wanted)) {
            Object value = wanted.get(key);
            Object current = at.attributes.get(key);
            if (!JsValue.equalAttributes(current, value)) {
                negated.put(key, current);
                at.right = editor.insertFormat(tx, parent, at.left, at.right, key, value);
                at.forward();
            }
        }
        return negated;
    }

    private void end(Transaction tx, Branch parent, Position at, Map<String, @Nullable Object> negated) {
        while (at.right != Items.NONE && (items.isDeleted(at.right) || endsAlready(at.right, negated))) {
            if (!items.isDeleted(at.right)) {
                negated.remove(format(at.right).key());
            }
            at.forward();
        }
        negated.forEach((key, value) -> {
            at.right = editor.insertFormat(tx, parent, at.left, at.right, key, value);
            at.forward();
        });
    }

    private boolean endsAlready(int item, Map<String, @Nullable Object> negated) {
        if (!isFormat(item)) {
            return false;
        }
        FormatContent format = format(item);
        return negated.containsKey(format.key()) && JsValue.equalAttributes(negated.get(format.key()), format.value());
    }

    // ---- formatting

    void format(Transaction tx, Branch parent, Position at, int length, Map<String, @Nullable Object> wanted) {
        passMatching(at, wanted);
        Map<String, @Nullable Object> negated = begin(tx, parent, at, wanted);
        int left = length;
        while (at.right != Items.NONE && (left > 0 || mayStillEnd(at.right, negated))) {
            int right = at.right;
            if (!items.isDeleted(right)) {
                if (!isFormat(right)) {
                    if (left < items.len[right]) {
                        store.cleanStart(tx, items.id[right] + left);
                    }
                    left -= items.len[right];
                } else if (!reformat(tx, at, left, wanted, negated)) {
                    break;
                }
            }
            at.forward();
        }
        if (left > 0) {
            at.right = editor.insertText(tx, parent, at.left, at.right, "\n".repeat(left));
            at.forward();
        }
        end(tx, parent, at, negated);
    }

    private boolean mayStillEnd(int right, Map<String, @Nullable Object> negated) {
        return !negated.isEmpty() && (items.isDeleted(right) || isFormat(right));
    }

    /** Deals with a format inside the range; false when nothing more needs to be looked at. */
    private boolean reformat(
            Transaction tx,
            Position at,
            int left,
            Map<String, @Nullable Object> wanted,
            Map<String, @Nullable Object> negated) {
        FormatContent format = format(at.right);
        String key = format.key();
        if (!wanted.containsKey(key)) {
            at.attributes.put(key, format.value());
            return true;
        }
        if (JsValue.equalAttributes(wanted.get(key), format.value())) {
            negated.remove(key);
        } else if (left == 0) {
            return false;
        } else {
            negated.put(key, format.value());
        }
        store.delete(tx, at.right);
        return true;
    }

    // ---- deleting

    void delete(Transaction tx, Branch parent, Position at, int length) {
        int left = length;
        Map<String, @Nullable Object> startAttributes = new HashMap<>(at.attributes);
        int start = at.right;
        while (left > 0 && at.right != Items.NONE) {
            int right = at.right;
            int kind = items.kind(right);
            if (!items.isDeleted(right) && (kind == Items.STRING || kind == Items.TYPE || kind == Items.EMBED)) {
                if (left < items.len[right]) {
                    store.cleanStart(tx, items.id[right] + left);
                }
                left -= items.len[right];
                store.delete(tx, right);
            }
            at.forward();
        }
        if (start != Items.NONE) {
            cleanGap(tx, start, at.right, startAttributes, at.attributes);
        }
        editor.shift(parent, at.index, left - length);
    }

    // ---- cleaning up

    /** Deletes formats that became redundant between {@code from} and the next content; answers how many. */
    private void cleanGap(
            Transaction tx,
            int from,
            int current,
            Map<String, @Nullable Object> startAttributes,
            Map<String, @Nullable Object> currentAttributes) {
        int end = from;
        Map<String, Integer> lastFormats = new HashMap<>();
        while (end != Items.NONE && !items.isVisible(end)) {
            if (!items.isDeleted(end) && isFormat(end)) {
                lastFormats.put(format(end).key(), end);
            }
            end = items.right[end];
        }
        boolean reached = false;
        for (int item = from; item != end; item = items.right[item]) {
            reached |= item == current;
            if (items.isDeleted(item) || !isFormat(item)) {
                continue;
            }
            FormatContent format = format(item);
            Object before = startAttributes.get(format.key());
            boolean overwritten = lastFormats.getOrDefault(format.key(), Items.NONE) != item;
            if (overwritten || JsValue.strictEquals(before, format.value())) {
                store.delete(tx, item);
                if (!reached) {
                    restore(currentAttributes, format, before);
                }
            } else if (!reached) {
                update(currentAttributes, format);
            }
        }
    }

    private static void restore(Map<String, @Nullable Object> current, FormatContent deleted, @Nullable Object before) {
        boolean inForce = JsValue.strictEquals(current.get(deleted.key()), deleted.value());
        if (!inForce || JsValue.strictEquals(before, deleted.value())) {
            return;
        }
        if (before == null) {
            current.remove(deleted.key());
        } else {
            current.put(deleted.key(), before);
        }
    }

    /** Deletes, among the formats around a place where content went, those that a later one overrules. */
    private void cleanGapWithoutContext(Transaction tx, int at) {
        int item = at;
        while (items.right[item] != Items.NONE && !items.isVisible(items.right[item])) {
            item = items.right[item];
        }
        Set<String> keys = new HashSet<>();
        while (item != Items.NONE && !items.isVisible(item)) {
            if (!items.isDeleted(item)
                    && isFormat(item)
                    && !keys.add(format(item).key())) {
                store.delete(tx, item);
            }
            item = items.left[item];
        }
    }

    private void cleanAll(Transaction tx, Branch text) {
        Map<String, @Nullable Object> startAttributes = new HashMap<>();
        Map<String, @Nullable Object> current = new HashMap<>();
        int start = text.start;
        for (int end = text.start; end != Items.NONE; end = items.right[end]) {
            if (items.isDeleted(end)) {
                continue;
            }
            if (isFormat(end)) {
                update(current, format(end));
            } else {
                cleanGap(tx, start, end, startAttributes, current);
                startAttributes = new HashMap<>(current);
                start = end;
            }
        }
    }

    /** After a received change: cleans the whole of texts that got formats, and the surroundings of what was deleted. */
    void cleanUpAfter(Transaction received, Transaction tx) {
        Set<Branch> whole = new LinkedHashSet<>();
        for (int m = 0; m < received.movedCount(); m++) {
            collectFormatted(received, m, whole);
        }
        DeleteLog log = received.deletes;
        for (int c = 0; c < log.clients(); c++) {
            int client = log.client(c);
            for (int d = log.firstOf(client); d < log.size && Items.client(log.from[d]) == client; d++) {
                cleanAround(tx, log.from[d], log.len[d], whole);
            }
        }
        for (Branch text : whole) {
            cleanAll(tx, text);
        }
    }

    private void collectFormatted(Transaction received, int m, Set<Branch> whole) {
        Client client = store.clients.at(received.movedClient(m));
        for (int p = client.find(items, received.movedFrom(m)); p < client.size(); p++) {
            int item = client.get(p);
            if (isFormat(item) && !items.isDeleted(item)) {
                whole.add(store.parent(item));
            }
        }
    }

    private void cleanAround(Transaction tx, long from, int length, Set<Branch> whole) {
        Client client = store.clients.at(Items.client(from));
        for (int p = client.find(items, Items.clock(from)); p < client.size(); p++) {
            int item = client.get(p);
            if (items.id[item] >= from + length) {
                break;
            }
            cleanAround(tx, item, whole);
        }
    }

    private void cleanAround(Transaction tx, int item, Set<Branch> whole) {
        if (items.kind(item) == Items.GC) {
            return;
        }
        Branch parent = store.parent(item);
        if (!parent.hasFormatting || whole.contains(parent)) {
            return;
        }
        if (isFormat(item)) {
            whole.add(parent);
        } else {
            cleanGapWithoutContext(tx, item);
        }
    }
}
