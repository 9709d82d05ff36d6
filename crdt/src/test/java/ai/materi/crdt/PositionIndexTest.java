package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the index answers is what a walk from the start comes to, whatever happened before. */
class PositionIndexTest {
    private static final List<String> NAMES = List.of("bold", "italic", "color");

    private final long seed = Long.getLong("crdt.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void answersAsAWalkWouldAfterRandomEditsOfText() {
        for (int round = 0; round < 20; round++) {
            Doc here = impatient(new Doc(1));
            Doc there = round % 2 == 0 ? new Doc(2) : impatient(new Doc(2));
            for (int edit = 0; edit < 300; edit++) {
                editText(random.nextBoolean() ? here : there);
                if (random.nextInt(10) == 0) {
                    exchange(here, there);
                }
                if (random.nextInt(10) == 0) {
                    compare(here, here.text("text").branch());
                }
            }
            exchange(here, there);
            compare(here, here.text("text").branch());
            assertThat(here.text("text").toDelta())
                    .as("seed %d", seed)
                    .isEqualTo(there.text("text").toDelta());
        }
    }

    @Test
    void answersAsAWalkWouldAfterRandomEditsOfAnArray() {
        for (int round = 0; round < 20; round++) {
            Doc here = impatient(new Doc(1));
            Doc there = new Doc(2);
            for (int edit = 0; edit < 300; edit++) {
                editArray(random.nextBoolean() ? here : there);
                if (random.nextInt(10) == 0) {
                    exchange(here, there);
                    compare(here, here.array("list").branch());
                }
            }
            exchange(here, there);
            compare(here, here.array("list").branch());
            assertThat(here.array("list").toJson())
                    .as("seed %d", seed)
                    .isEqualTo(there.array("list").toJson());
        }
    }

    @Test
    void isDroppedWithItsTypeAndByALargeUpdate() {
        Doc doc = impatient(new Doc(1));
        YText nested = new YText();
        doc.map("map").set("text", nested);
        for (int i = 0; i < 50; i++) {
            nested.insert(random.nextInt(nested.length() + 1), "ab", Map.of("bold", true));
        }
        assertThat(nested.branch().chunks).isNotEqualTo(Items.NONE);
        doc.map("map").delete("text");

        YText root = doc.text("text");
        for (int i = 0; i < 50; i++) {
            root.insert(random.nextInt(root.length() + 1), "cd", Map.of("bold", true));
        }
        compare(doc, root.branch());
        Doc other = new Doc(2);
        other.applyUpdate(doc.encodeState(), null);
        for (int i = 0; i < 200; i++) {
            other.text("text").insert(random.nextInt(other.text("text").length()), "ef");
        }
        doc.applyUpdate(other.encodeState(), null);

        assertThat(root.branch().chunks).isEqualTo(Items.NONE);
        root.insert(root.length() / 2, "gh");
        compare(doc, root.branch());
    }

    @Test
    void walksWhereMoreNamesOfFormatsAreInUseThanItCanTellApart() {
        Doc doc = impatient(new Doc(1));
        YText text = doc.text("text");
        text.insert(0, "x".repeat(400));
        for (int i = 0; i < 100; i++) {
            text.format(3 * i, 2, Map.of("name" + i, true));
        }
        text.insert(3 * 80 + 1, "in force");

        assertThat(text.toDelta().get(2 * 80)).isEqualTo(new Delta.Insert("xin forcex", Map.of("name80", true)));
    }

    /** One that builds its index almost at once, of small chunks. */
    private static Doc impatient(Doc doc) {
        doc.store().positions = new PositionIndex(doc.store(), 2, 4, 8);
        return doc;
    }

    private static void exchange(Doc a, Doc b) {
        a.applyUpdate(b.encodeStateSince(a.stateVector()), null);
        b.applyUpdate(a.encodeStateSince(b.stateVector()), null);
    }

    private void editText(Doc doc) {
        YText text = doc.text("text");
        int length = text.length();
        switch (random.nextInt(length < 10 ? 1 : 6)) {
            case 0, 1, 2 -> text.insert(random.nextInt(length + 1), "abcdef".substring(random.nextInt(6)));
            case 3 -> {
                int from = random.nextInt(length);
                text.delete(from, 1 + random.nextInt(Math.min(8, length - from)));
            }
            case 4 -> {
                int from = random.nextInt(length);
                Map<String, @Nullable Object> format = new LinkedHashMap<>();
                format.put(NAMES.get(random.nextInt(3)), random.nextBoolean() ? null : random.nextInt(2));
                text.format(from, 1 + random.nextInt(Math.min(12, length - from)), format);
            }
            default -> text.insertEmbed(random.nextInt(length + 1), Map.of("embed", 1));
        }
    }

    private void editArray(Doc doc) {
        YArray list = doc.array("list");
        int length = list.length();
        switch (random.nextInt(length < 10 ? 2 : 4)) {
            case 0 -> list.insert(random.nextInt(length + 1), List.of(random.nextInt(100), "b", true));
            case 1 -> list.push(List.of(random.nextInt(100)));
            case 2 -> {
                int from = random.nextInt(length);
                list.delete(from, 1 + random.nextInt(Math.min(5, length - from)));
            }
            default -> list.insert(random.nextInt(length + 1), List.of(new YText("nested")));
        }
    }

    private void compare(Doc doc, Branch branch) {
        if (branch.length == 0) {
            return;
        }
        Store store = doc.store();
        Items items = store.items;
        PositionIndex positions = store.positions;
        Map<String, @Nullable Object> formatting = new LinkedHashMap<>();
        Map<String, @Nullable Object> fromAnItem = new LinkedHashMap<>();
        int first = positions.itemAt(branch, random.nextInt(branch.length));
        boolean reached = false;
        int index = 0;
        int lastBreak = Items.NONE;
        int last = Items.NONE;
        for (int i = branch.start; i != Items.NONE; i = items.right[i]) {
            int left = items.left[i];
            lastBreak = left == Items.NONE || !items.touches(left, i) ? i : lastBreak;
            assertThat(positions.breakBefore(branch, i)).as("seed %d", seed).isEqualTo(lastBreak);
            assertThat(positions.unitsBefore(branch, i)).as("seed %d", seed).isEqualTo(index);
            for (int k = 0; items.isVisible(i) && k < items.len[i]; k++) {
                assertThat(positions.itemAt(branch, index++))
                        .as("seed %d", seed)
                        .isEqualTo(i);
                assertThat(positions.offset()).as("seed %d", seed).isEqualTo(k);
            }
            if (items.kind(i) == Items.FORMAT && !items.isDeleted(i)) {
                TextEditor.update(formatting, store.formats.get(items.at[i]));
                if (reached) {
                    TextEditor.update(fromAnItem, store.formats.get(items.at[i]));
                }
            }
            reached |= i == first;
            if (reached) {
                Map<String, @Nullable Object> found = positions.formatting(branch, first, i);
                assertThat(found).as("seed %d", seed).isNotNull().isEqualTo(fromAnItem);
            }
            Map<String, @Nullable Object> found = positions.formatting(branch, branch.start, i);
            assertThat(found).as("seed %d", seed).isNotNull().isEqualTo(formatting);
            assertThat(found.keySet()).as("seed %d", seed).containsExactlyElementsOf(formatting.keySet());
            last = i;
        }
        assertThat(positions.last(branch)).as("seed %d", seed).isEqualTo(last);
    }
}
