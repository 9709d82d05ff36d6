package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class GradualStateTest {
    private static final int HISTORIES = 150;

    @Test
    void isTheStateWhereNothingChangesMeanwhile() {
        histories((random, docs) -> {
            Doc doc = docs.get(0);
            StateVector known = random.nextBoolean() ? StateVector.EMPTY : halfOf(doc, random);

            GradualState gradual = doc.encodeGradually(known);
            while (!gradual.next(1 + random.nextInt(5))) {}

            assertThat(joined(gradual)).isEqualTo(doc.encodeStateSince(known));
        });
    }

    @Test
    void isAllOfItWithWhatWasAnnouncedSince() {
        histories((random, docs) -> {
            Doc doc = docs.get(0);
            List<byte[]> since = new ArrayList<>();
            doc.onUpdate((update, origin, local) -> since.add(update));

            GradualState gradual = doc.encodeGradually(StateVector.EMPTY);
            while (!gradual.next(1 + random.nextInt(5))) {
                write(doc, random);
                write(docs.get(1), random);
                if (random.nextInt(4) == 0) {
                    exchange(docs);
                }
            }

            Doc ahead = new Doc();
            since.forEach(update -> ahead.applyUpdate(update, null));
            ahead.applyUpdate(joined(gradual), null);
            Doc behind = new Doc();
            behind.applyUpdate(joined(gradual), null);
            since.forEach(update -> behind.applyUpdate(update, null));
            List<byte[]> all = new ArrayList<>(since);
            all.add(joined(gradual));
            Doc merged = Doc.of(Updates.merge(all));
            for (Doc other : List.of(ahead, behind, merged)) {
                assertThat(other.hasPending()).isFalse();
                assertThat(other.stateVector()).isEqualTo(doc.stateVector());
                assertThat(other.deleteSet().ranges(1))
                        .isEqualTo(doc.deleteSet().ranges(1));
                assertThat(other.deleteSet().ranges(2))
                        .isEqualTo(doc.deleteSet().ranges(2));
                assertThat(other.text("t")).hasToString(doc.text("t").toString());
                assertThat(other.map("m").toJson()).isEqualTo(doc.map("m").toJson());
                assertThat(other.array("a").toJson()).isEqualTo(doc.array("a").toJson());
            }
        });
    }

    @Test
    void bringsWhatWaitsBesideIt() {
        Doc writer = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        writer.onUpdate((update, origin, local) -> updates.add(update));
        writer.text("t").insert(0, "a");
        writer.text("t").insert(1, "b");
        Doc doc = new Doc(2);
        doc.applyUpdate(updates.get(1), null);

        GradualState gradual = doc.encodeGradually(StateVector.EMPTY);
        assertThatThrownBy(gradual::parts).isInstanceOf(IllegalStateException.class);
        while (!gradual.next(1)) {}

        Doc other = Doc.of(joined(gradual));
        gradual.waiting().forEach(update -> other.applyUpdate(update, null));
        other.applyUpdate(updates.get(0), null);
        assertThat(other.text("t")).hasToString("ab");
    }

    private interface History {
        void play(Random random, List<Doc> docs);
    }

    private static void histories(History history) {
        for (int i = 0; i < HISTORIES; i++) {
            long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
            Random random = new Random(seed);
            List<Doc> docs = List.of(new Doc(1), new Doc(2));
            for (int e = 0; e < 60; e++) {
                write(docs.get(random.nextInt(2)), random);
                if (random.nextInt(10) == 0) {
                    exchange(docs);
                }
            }
            exchange(docs);
            try {
                history.play(random, docs);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("with -Dseed=" + seed, failure);
            }
        }
    }

    private static void write(Doc doc, Random random) {
        YText text = doc.text("t");
        int length = text.length();
        switch (random.nextInt(6)) {
            case 0 -> {
                int at = random.nextInt(length + 1);
                text.delete(at, random.nextInt(1 + Math.min(length - at, length / 3)));
            }
            case 1 -> doc.map("m").set("k" + random.nextInt(3), YArray.of(List.of(random.nextInt(), "x")));
            case 2 -> doc.array("a").insert(0, List.of(1, "two", new YText("three")));
            case 3 -> {
                if (doc.array("a").length() > 0) {
                    doc.array("a").delete(random.nextInt(doc.array("a").length()), 1);
                }
            }
            default ->
                text.insert(
                        random.nextInt(length + 1), List.of("ä", "äb", "b😀").get(random.nextInt(3)));
        }
    }

    private static void exchange(List<Doc> docs) {
        docs.get(0).applyUpdate(docs.get(1).encodeStateSince(docs.get(0).stateVector()), null);
        docs.get(1).applyUpdate(docs.get(0).encodeStateSince(docs.get(1).stateVector()), null);
    }

    private static StateVector halfOf(Doc doc, Random random) {
        StateVector all = doc.stateVector();
        Map<Long, Long> some = new TreeMap<>();
        for (long client : all.clients()) {
            some.put(client, (long) random.nextInt((int) all.get(client) + 1));
        }
        return StateVector.of(some);
    }

    private static byte[] joined(GradualState gradual) {
        ByteWriter all = new ByteWriter();
        gradual.parts().forEach(all::bytes);
        return all.toByteArray();
    }
}
