package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Where a value begins is where a walk over all before it comes to, whatever was asked before; and a list that is cut from
 * its end is not walked anew for each cut.
 */
class ValueOffsetsTest {
    private final long seed = Long.getLong("crdt.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void findsWhatAWalkFinds() {
        for (int kind : new int[] {Items.ANY, Items.JSON}) {
            for (int round = 0; round < 20; round++) {
                ByteWriter list = new ByteWriter();
                int[] begins = values(list, kind, 500);
                ValueOffsets offsets = new ValueOffsets();
                for (int query = 0; query < 2_000; query++) {
                    int from = random.nextInt(begins.length - 1);
                    int to = from + random.nextInt(begins.length - from);
                    ByteReader in = new ByteReader(list.buffer(), begins[from], list.size());
                    assertThat(offsets.find(in, kind, to - from))
                            .as("seed %d", seed)
                            .isEqualTo(begins[to]);
                }
            }
        }
    }

    @Test
    void cutsAListAtRandomAsAWalkWould() {
        for (int round = 0; round < 20; round++) {
            Doc author = new Doc(1);
            Object[] values = new Object[400];
            Arrays.setAll(values, i -> value());
            author.array("list").push(Arrays.asList(values));
            Doc other = new Doc(2);
            other.applyUpdate(author.encodeState(), null);
            other.transact(null, tx -> {
                for (int k = 0; k < 100; k++) {
                    other.array("list")
                            .delete(random.nextInt(other.array("list").length()), 1);
                }
            });
            for (int k = 0; k < 100; k++) {
                int at = random.nextInt(other.array("list").length());
                other.array("list").delete(at, 1);
            }
            author.applyUpdate(other.encodeState(), null);

            assertThat(author.array("list").toJson())
                    .as("seed %d", seed)
                    .isEqualTo(other.array("list").toJson());
            assertThat(Doc.of(author.encodeState()).array("list").toJson())
                    .as("seed %d", seed)
                    .isEqualTo(other.array("list").toJson());
        }
    }

    /** Writes so many values and answers where each begins, and where the last ends. */
    private int[] values(ByteWriter out, int kind, int count) {
        int[] begins = new int[count + 1];
        for (int i = 0; i < count; i++) {
            if (kind == Items.ANY) {
                AnyCodec.write(out, value());
            } else {
                out.varString("9".repeat(1 + random.nextInt(30)));
            }
            begins[i + 1] = out.size();
        }
        return begins;
    }

    private Object value() {
        return switch (random.nextInt(4)) {
            case 0 -> true;
            case 1 -> random.nextInt(1_000_000);
            case 2 -> "x".repeat(random.nextInt(600));
            default -> Map.of("a", random.nextInt(9), "b", "text");
        };
    }
}
