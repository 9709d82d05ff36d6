package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Updates that were made to cost: four times as many bytes allocate about four times as much, not sixteen times, in sections
 * of many clients, in cuts through pairs of surrogates, and in runs that are put together from many places.
 */
class CraftedUpdateTest {
    private static final int SMALL = 1_000;

    @Test
    void manyClientsAreReadInRoomForTheirStructs() {
        assertLinear(n -> {
            byte[] update = clients(n);
            return () -> new DecodedUpdate().read(update, n);
        });
    }

    @Test
    void textIsNotWrittenAnewForEachPairThatIsCut() {
        assertLinear(n -> {
            Doc doc = new Doc(1);
            doc.text("t").insert(0, "🙂".repeat(n));
            byte[] deletions = deletionsFromTheEnd(2 * n);
            return () -> {
                doc.applyUpdate(deletions, null);
                assertThat(doc.text("t").length()).isZero();
            };
        });
    }

    @Test
    void contentThatLiesApartIsMovedOnce() {
        assertLinear(n -> {
            byte[] update = alternating(n);
            return () -> {
                Doc doc = Doc.of(update);
                assertThat(doc.structCount()).isEqualTo(1 + n);
            };
        });
    }

    private static void assertLinear(IntFunction<Runnable> work) {
        long allocatedBySmall = allocatedBy(work.apply(SMALL));
        long allocatedByLarge = allocatedBy(work.apply(4 * SMALL));

        assertThat(allocatedByLarge).isLessThan(8 * allocatedBySmall);
    }

    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] clients(int n) {
        ByteWriter out = new ByteWriter();
        out.varUint(n);
        for (int client = n; client > 0; client--) {
            begin(out, client, 1);
            out.u8(Items.GC);
            out.varUint(1);
        }
        out.varUint(0);
        return out.toByteArray();
    }

    /** One author types a line; another, of whom each unit needs the next one of that line, puts as many behind it. */
    private static byte[] alternating(int n) {
        ByteWriter out = new ByteWriter();
        out.varUint(2);
        begin(out, 2, n);
        for (int i = 0; i < n; i++) {
            unitAfter(out, 1, i);
        }
        begin(out, 1, n);
        out.u8(Items.STRING);
        out.varUint(1);
        out.varString("t");
        out.varString("a");
        for (int i = 1; i < n; i++) {
            unitAfter(out, 1, i - 1);
        }
        out.varUint(0);
        return out.toByteArray();
    }

    private static void begin(ByteWriter out, int client, int structs) {
        out.varUint(structs);
        out.varUint(client);
        out.varUint(0);
    }

    private static void unitAfter(ByteWriter out, int client, int clock) {
        out.u8(StructCursor.HAS_ORIGIN | Items.STRING);
        out.varUint(client);
        out.varUint(clock);
        out.varString("a");
    }

    private static byte[] deletionsFromTheEnd(int units) {
        ByteWriter out = new ByteWriter();
        out.varUint(0);
        out.varUint(1);
        out.varUint(1);
        out.varUint(units);
        for (int unit = units - 1; unit >= 0; unit--) {
            out.varUint(unit);
            out.varUint(1);
        }
        return out.toByteArray();
    }
}
