package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class UpdatePartsTest {
    private static final int HISTORIES = 200;

    @Test
    void saysInPartsWhatTheWholeSays() {
        for (int h = 0; h < HISTORIES; h++) {
            long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
            Random random = new Random(seed);
            List<Doc> docs = List.of(new Doc(1), new Doc(2), new Doc(3));
            write(docs, random);
            Doc whole = Doc.of(docs.get(0).encodeState());
            Doc inParts = Doc.of(docs.get(0).encodeState());
            write(docs, random);
            byte[] update = docs.get(1).encodeStateSince(whole.stateVector());

            whole.applyUpdate(update, null);
            List<byte[]> parts = Updates.parts(update, inParts.stateVector(), 1 + random.nextInt(4), 1_000, 100_000);
            for (byte[] part : parts) {
                inParts.applyUpdate(part, null);
                assertThat(inParts.hasPending()).as("seed %d", seed).isFalse();
            }

            assertThat(inParts.encodeState()).as("seed %d", seed).isEqualTo(whole.encodeState());
        }
    }

    @Test
    void bringsLastWhatHasToWait() {
        Doc writer = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        writer.onUpdate((update, origin, local) -> updates.add(update));
        for (int i = 0; i < 4; i++) {
            writer.text("t").insert(0, "x");
        }
        Doc other = Doc.of(writer.encodeState(), 2);
        other.onUpdate((update, origin, local) -> updates.add(update));
        other.text("t").insert(2, "y");
        other.text("t").delete(0, 1);
        byte[] holed = Updates.merge(List.of(updates.get(0), updates.get(2), updates.get(4), updates.get(5)));

        List<byte[]> parts = Updates.parts(holed, StateVector.EMPTY, 1, 1_000, 100);
        Doc doc = new Doc(3);
        parts.forEach(part -> doc.applyUpdate(part, null));
        assertThat(doc.hasPending()).isTrue();
        doc.applyUpdate(updates.get(1), null);
        doc.applyUpdate(updates.get(3), null);

        assertThat(doc.hasPending()).isFalse();
        assertThat(doc.text("t")).hasToString(other.text("t").toString());
    }

    @Test
    void cutsManyDeletions() {
        Doc writer = new Doc(1);
        writer.text("t").insert(0, "ab".repeat(20_000));
        Doc doc = Doc.of(writer.encodeState(), 2);
        List<byte[]> updates = new ArrayList<>();
        writer.onUpdate((update, origin, local) -> updates.add(update));
        writer.transact(null, tx -> {
            for (int i = 0; i < 20_000; i++) {
                writer.text("t").delete(20_000 - 1 - i, 1);
                writer.text("t").format(0, 1, Map.of("b", i));
            }
        });

        List<byte[]> parts = Updates.parts(updates.get(0), doc.stateVector(), 1_000, 10_000, 1_000_000);
        parts.forEach(part -> doc.applyUpdate(part, null));

        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(doc.text("t").toDelta()).isEqualTo(writer.text("t").toDelta());
    }

    @Test
    void refusesWhatIsNoUpdateOrTooMuch() {
        Doc doc = new Doc(1);
        for (int i = 0; i < 10; i++) {
            doc.text("t").insert(0, "x");
        }
        byte[] update = doc.encodeState();

        assertThatThrownBy(() -> Updates.parts(update, StateVector.EMPTY, 10, 10, 5))
                .isInstanceOfSatisfying(
                        MalformedUpdateException.class,
                        refusal -> assertThat(refusal.isOverBudget()).isTrue());
        assertThatThrownBy(() -> Updates.parts(Arrays.copyOf(update, 20), StateVector.EMPTY, 10, 10, 500))
                .isInstanceOf(MalformedUpdateException.class);
    }

    private static void write(List<Doc> docs, Random random) {
        for (int e = 0; e < 50; e++) {
            Doc doc = docs.get(random.nextInt(docs.size()));
            YText text = doc.text("t");
            switch (random.nextInt(5)) {
                case 0 -> {
                    int at = random.nextInt(text.length() + 1);
                    text.delete(at, random.nextInt(1 + Math.min(text.length() - at, text.length() / 4)));
                }
                case 1 -> doc.map("m").set("k" + random.nextInt(3), YArray.of(List.of(random.nextInt())));
                case 2 -> doc.array("a").insert(0, List.of(1, new YText("nested")));
                default ->
                    text.insert(
                            random.nextInt(text.length() + 1),
                            List.of("a", "😀", "ab").get(random.nextInt(3)));
            }
            if (random.nextInt(6) == 0) {
                Doc other = docs.get(random.nextInt(docs.size()));
                other.applyUpdate(doc.encodeStateSince(other.stateVector()), null);
            }
        }
        for (Doc from : docs) {
            docs.get(1).applyUpdate(from.encodeStateSince(docs.get(1).stateVector()), null);
        }
    }
}
