package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Moments of a document: here, in yjs, and restored. {@code -Dcrdt.seed=N} repeats a run. */
class SnapshotTest {
    @Test
    void restoresADocumentToAMoment() {
        Doc doc = Doc.keepingDeleted(1);
        doc.text("notes").insert(0, "first");
        Snapshot first = Snapshot.of(doc);
        doc.text("notes").insert(5, " and second");
        Snapshot second = Snapshot.of(doc);
        doc.text("notes").delete(0, 6);

        assertThat(first.restore(doc).text("notes")).hasToString("first");
        assertThat(second.restore(doc).text("notes")).hasToString("first and second");
        assertThat(Snapshot.of(doc).restore(doc).text("notes")).hasToString("and second");
        assertThat(Snapshot.EMPTY.restore(doc).rootNames()).isEmpty();
        assertThat(doc.text("notes")).hasToString("and second");
    }

    @Test
    void refusesWhatItCannotRestore() {
        Doc doc = new Doc(1);
        doc.text("notes").insert(0, "gone");
        Doc keeping = Doc.keepingDeleted(2);

        assertThatThrownBy(() -> Snapshot.of(doc).restore(doc)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Snapshot.of(doc).restore(keeping)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhatItHolds() {
        Doc doc = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> updates.add(update));
        doc.text("notes").insert(0, "one two");
        Snapshot before = Snapshot.of(doc);
        doc.text("notes").delete(0, 4);

        assertThat(before.contains(updates.get(0))).isTrue();
        assertThat(before.contains(updates.get(1))).isFalse();
        assertThat(Snapshot.of(doc).contains(updates.get(1))).isTrue();
        assertThat(before).isNotEqualTo(Snapshot.of(doc)).isEqualTo(Snapshot.decode(before.encode()));
        assertThat(Snapshot.decodeV2(before.encodeV2())).isEqualTo(before);
        assertThatThrownBy(() -> Snapshot.decode(new byte[] {1})).isInstanceOf(MalformedUpdateException.class);
        assertThatThrownBy(() -> Snapshot.decodeV2(new byte[] {0, 0, 0})).isInstanceOf(MalformedUpdateException.class);
    }

    @Test
    void agreesWithYjsOnRandomMoments() throws Exception {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        System.out.println("snapshots: -Dcrdt.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (YjsOracle oracle = YjsOracle.start()) {
            for (int run = 0; run < 20; run++) {
                new History(oracle, random.split(), "seed " + seed + ", run " + run).run();
            }
        }
    }

    /** Two authors who keep everything, and hear from each other now and then. */
    private static final class History {
        private static final int STEPS = 120;

        private final YjsOracle oracle;
        private final SplittableRandom random;
        private final RandomEdits edits;
        private final List<Doc> docs = List.of(Doc.keepingDeleted(11), Doc.keepingDeleted(22));
        private final List<List<byte[]>> announced = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<Snapshot> moments = new ArrayList<>();
        private final String name;

        History(YjsOracle oracle, SplittableRandom random, String name) {
            this.oracle = oracle;
            this.random = random;
            this.edits = new RandomEdits(random, RandomEdits.Repertoire.of(RandomEdits.Alphabet.PAIRS));
            this.name = name;
            oracle.ask("reset");
            for (int peer = 0; peer < 2; peer++) {
                List<byte[]> updates = announced.get(peer);
                docs.get(peer).onUpdate((update, origin, local) -> updates.add(update));
                oracle.ask("create", peer, docs.get(peer).clientId(), true);
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                int peer = random.nextInt(2);
                if (random.nextInt(4) == 0) {
                    hear(peer);
                } else {
                    edit(peer);
                }
                if (random.nextInt(6) == 0) {
                    compareMoments();
                }
            }
        }

        private void edit(int peer) {
            List<Object> steps = new ArrayList<>();
            docs.get(peer).transact(null, tx -> edits.edit(docs.get(peer), steps));
            same(peer, oracle.ask("edit", peer, steps));
        }

        private void hear(int peer) {
            byte[] update = docs.get(1 - peer).encodeStateSince(docs.get(peer).stateVector());
            docs.get(peer).applyUpdate(update, null);
            same(peer, oracle.ask("apply", peer, YjsOracle.base64(update)));
        }

        private void same(int peer, Map<String, Object> answer) {
            assertThat(announced.get(peer).stream().map(YjsOracle::base64).toList())
                    .as("%s: updates", name)
                    .isEqualTo(answer.get("updates"));
            announced.get(peer).clear();
        }

        private void compareMoments() {
            Doc doc = docs.get(0);
            Snapshot now = Snapshot.of(doc);
            Map<String, Object> there = oracle.ask("snapshot", 0);
            assertThat(YjsOracle.base64(now.encode())).as("%s: snapshot", name).isEqualTo(there.get("snapshot"));
            assertThat(YjsOracle.base64(now.encodeV2()))
                    .as("%s: snapshot", name)
                    .isEqualTo(there.get("snapshotV2"));
            moments.add(Snapshot.decodeV2(now.encodeV2()));
            Snapshot moment = moments.get(random.nextInt(moments.size()));
            String encoded = YjsOracle.base64(moment.encode());
            assertThat(YjsOracle.base64(moment.restore(doc).encodeState()))
                    .as("%s: restored", name)
                    .isEqualTo(oracle.ask("restore", 0, encoded).get("state"));
            byte[] state = docs.get(1).encodeState();
            assertThat(moment.contains(state))
                    .as("%s: contains", name)
                    .isEqualTo(oracle.ask("contains", encoded, YjsOracle.base64(state))
                            .get("contains"));
        }
    }
}
