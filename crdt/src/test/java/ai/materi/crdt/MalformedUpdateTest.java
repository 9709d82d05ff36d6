package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever bytes come: a typed refusal or a document that still works, never anything else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MalformedUpdateTest {
    private final long seed = Long.getLong("crdt.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<byte[]> valid = validUpdates();

    private List<byte[]> validUpdates() {
        List<byte[]> out = new ArrayList<>();
        RandomEdits edits = new RandomEdits(random, RandomEdits.Repertoire.of(RandomEdits.Alphabet.HALVES));
        List<Doc> docs = List.of(new Doc(1), new Doc(200), new Doc(1L << 40));
        for (Doc doc : docs) {
            doc.onUpdate((update, origin, local) -> out.add(update));
            doc.onUpdateV2((update, origin, local) -> out.add(update));
        }
        for (int i = 0; i < 150; i++) {
            Doc doc = docs.get(i % 3);
            doc.transact(null, tx -> edits.edit(doc, new ArrayList<>()));
            if (i % 10 == 0) {
                doc.applyUpdate(docs.get((i + 1) % 3).encodeState(), null);
            }
        }
        docs.forEach(doc -> out.add(doc.encodeState()));
        docs.forEach(doc -> out.add(doc.encodeStateV2()));
        return out;
    }

    /** Gives the bytes to every door that reads some. */
    private void tryAll(byte[] bytes) {
        Doc doc = new Doc(1);
        doc.text("rich").insert(0, "before");
        byte[] before = doc.encodeState();
        try {
            doc.applyUpdate(bytes, null);
        } catch (MalformedUpdateException e) {
            assertThat(doc.encodeState()).isEqualTo(before);
        }
        byte[] taken = doc.encodeState();
        try {
            doc.applyUpdateV2(bytes, null);
        } catch (MalformedUpdateException e) {
            assertThat(doc.encodeState()).isEqualTo(taken);
        }
        doc.rootNames().forEach(doc::rootIsEmpty);
        Doc reloaded = Doc.of(doc.encodeState());
        assertThat(reloaded.stateVector().contains(doc.stateVector())).isTrue();
        Doc again = new Doc(2);
        again.applyUpdateV2(doc.encodeStateV2(), null);
        assertThat(again.stateVector()).isEqualTo(reloaded.stateVector());
        refuses(() -> Updates.toV1(bytes));
        refuses(() -> Updates.toV2(bytes));
        refuses(() -> Updates.mergeV2(List.of(bytes, doc.encodeStateV2())));
        refuses(() -> Updates.diffV2(bytes, StateVector.of(Map.of(1L, 2L))));
        refuses(() -> Updates.metaV2(bytes));
        refuses(() -> Updates.formatOf(bytes));
        refuses(() -> Updates.decode(bytes, struct -> assertThat(struct).hasToString(struct.toString())));
        refuses(() -> Updates.merge(List.of(bytes, before)));
        refuses(() -> Updates.diff(bytes, StateVector.of(Map.of(1L, 2L))));
        refuses(() -> Updates.stateVectorOf(bytes));
        refuses(() -> Updates.meta(bytes));
        refuses(() -> StateVector.decode(bytes));
        refuses(() -> DeleteSet.decode(bytes));
        refuses(() -> RelativePosition.decode(bytes));
        refuses(() -> Snapshot.decode(bytes));
        refuses(() -> Snapshot.decodeV2(bytes));
        refuses(() -> AnyCodec.read(new ByteReader(bytes)));
    }

    private static void refuses(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedUpdateException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private void tryAllNaming(byte[] bytes) {
        try {
            tryAll(bytes);
        } catch (RuntimeException | StackOverflowError e) {
            fail("seed " + seed + ": " + Arrays.toString(bytes), e);
        }
    }

    @Test
    void refusesOrTakesRandomBytes() {
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) (random.nextBoolean() ? random.nextInt(12) : random.nextInt(256));
            }
            tryAllNaming(bytes);
        }
    }

    @Test
    void refusesOrTakesValidUpdatesWithFlippedBits() {
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            tryAllNaming(bytes);
        }
    }

    @Test
    void refusesEveryTruncation() {
        for (byte[] update : valid) {
            int format = Updates.formatOf(update);
            int step = Math.max(1, update.length / 25);
            for (int length = 0; length < update.length; length += step) {
                byte[] cut = Arrays.copyOf(update, length);
                assertThatThrownBy(() -> {
                            if (format == 1) {
                                new Doc(1).applyUpdate(cut, null);
                            } else {
                                new Doc(1).applyUpdateV2(cut, null);
                            }
                        })
                        .as("seed %d", seed)
                        .isInstanceOf(MalformedUpdateException.class);
                tryAllNaming(cut);
            }
        }
    }

    @Test
    void unfoldsAFewBytesOfFormatV2OnlyUpToTheBudget() {
        Doc doc = new Doc(1);
        doc.applyUpdateV2(HostileBytes.runOfCollected(100_000), null);
        assertThat(doc.stateVector().get(5)).isEqualTo(100_000);
        assertThat(HostileBytes.runOfCollected(1_000_001)).hasSizeLessThan(40);

        assertThatThrownBy(() -> doc.applyUpdateV2(HostileBytes.runOfCollected(1_000_001), null))
                .isInstanceOf(MalformedUpdateException.class)
                .hasMessageContaining("more than 1000000 structs");
        assertThatThrownBy(() -> Updates.mergeV2(
                        List.of(HostileBytes.runOfCollected(1_000_001), HostileBytes.runOfCollected(3))))
                .isInstanceOf(MalformedUpdateException.class);
    }

    @Test
    void survivesManyDamagedUpdatesInOneDocument() {
        Doc doc = new Doc(1);
        doc.onUpdate(
                (update, origin, local) -> assertThat(Updates.isEmpty(update)).isFalse());
        RandomEdits edits = new RandomEdits(random, RandomEdits.Repertoire.of(RandomEdits.Alphabet.PAIRS));
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
            if (random.nextInt(3) > 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refuses(() -> doc.applyUpdate(bytes, null));
            if (i % 100 == 0) {
                assertThat(Doc.of(doc.encodeState()).stateVector().contains(doc.stateVector()))
                        .as("seed %d", seed)
                        .isTrue();
                edits.edit(doc, new ArrayList<>());
            }
        }
    }

    @Test
    void refusesMoreStructsThanTheBudgetAllows() {
        ByteWriter update = new ByteWriter();
        update.varUint(1);
        update.varUint(1_000_001);
        update.varUint(7);
        update.varUint(0);
        for (int i = 0; i < 1_000_001; i++) {
            update.u8(0);
            update.u8(1);
        }
        update.u8(0);
        byte[] bytes = update.toByteArray();

        assertThatThrownBy(() -> new Doc(1).applyUpdate(bytes, null)).hasMessageContaining("more than 1000000");
        Doc trusting = new Doc(1);
        trusting.applyUpdate(bytes, null, 2_000_000);
        assertThat(trusting.structCount()).isEqualTo(1);
    }

    @Test
    void refusesCountsThatRunPastTheEnd() {
        for (byte[] bytes : List.of(
                new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F},
                new byte[] {1, (byte) 0xFF, (byte) 0xFF, 0x7F, 1, 0},
                new byte[] {0, (byte) 0xFF, (byte) 0xFF, 0x7F},
                new byte[] {1, 1, 1, 0, 4, 1, 1, 't', (byte) 0xFF, 0x7F},
                new byte[] {1, 1, 1, 0, 8, 1, 1, 't', (byte) 0xFF, 0x7F})) {
            assertThatThrownBy(() -> new Doc(1).applyUpdate(bytes, null)).isInstanceOf(MalformedUpdateException.class);
        }
    }

    @Test
    void refusesAnItemThatRefersToItsOwnFuture() {
        byte[] bytes = {1, 1, 1, 0, (byte) 0x84, 1, 0, 1, 'x', 0};

        assertThatThrownBy(() -> new Doc(2).applyUpdate(bytes, null)).hasMessageContaining("own future");
    }
}
