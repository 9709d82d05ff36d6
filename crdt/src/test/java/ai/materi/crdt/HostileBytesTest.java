package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What received bytes may cost: at once no more heap than ten times their length, 64 kB, and {@value
 * HostileBytes#BYTES_A_PART} bytes for each struct, deleted range, client of a state vector or built value; structs and ranges
 * are at most the budget.
 *
 * <p>Two measures, both sound. What is live at once is held to the line by a JVM whose heap is as large as the line. What
 * is allocated in all, garbage included, can only be more than what is live, and is counted exactly by thread; where it
 * is below the line, so is the heap.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileBytesTest {
    private static final int MEGABYTE = 1 << 20;
    /** What a JVM takes for itself, and the bytes that are read. */
    private static final int FLOOR_MEGABYTES = 8;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void costsNoMoreHeapThanTheLineAllows() throws Exception {
        int line = 16;
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + (line + FLOOR_MEGABYTES) + "m",
                        "-Xmn3m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileBytes.class.getName(),
                        Integer.toString(line * MEGABYTE))
                .redirectErrorStream(true)
                .start();

        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        int readings = HostileBytes.cases().stream()
                .mapToInt(each -> HostileBytes.doors(each.doors()).size())
                .sum();
        // Long names said again and again, and bytes that are ten times as long in JSON, at five doors each.
        assertThat(said).isEqualTo("held: " + readings + ", refused: 10" + System.lineSeparator());
    }

    @Test
    void refusesWhatClaimsToBeLargeBeforeItMakesRoom() {
        for (String claim : List.of(
                "ffffffffffffff0f", // sections
                "01ffffffffffffff0f0700", // structs
                "01010700040101" + "72" + "ffffff7f", // text
                "01010700030101" + "72" + "ffffff7f", // bytes
                "01010700080101" + "72" + "ffffff7f", // values
                "01010700020101" + "72" + "ffffff7f", // JSON values
                "010107000801017201" + "74ffffff7f", // bytes in a value
                "010107000801017201" + "75ffffff7f", // a list
                "010107000801017201" + "76ffffff7f", // an object
                "010107000801017201" + "77ffffff7f", // a string
                "00ffffffffffffff0f", // clients of the delete set
                "000101ffffffffffffff0f", // ranges
                "0001010100ffffffffffffff0f", // a range of 2^53-1 units
                "00010101ffffffffffffff0f01", // from 2^53-1 on
                "ff".repeat(100))) {
            byte[] bytes = HexFormat.of().parseHex(claim);
            for (HostileBytes.Doors doors : List.of(HostileBytes.Doors.V1, HostileBytes.Doors.V2)) {
                HostileBytes.doors(doors)
                        .forEach(door -> assertThat(allocated(() -> door.accept(bytes)))
                                .as(claim)
                                .isLessThan(65_536));
            }
            assertThatThrownBy(() -> new Doc(1).applyUpdate(bytes, null)).isInstanceOf(MalformedUpdateException.class);
            assertThatThrownBy(() -> new Doc(1).applyUpdateV2(bytes, null))
                    .isInstanceOf(MalformedUpdateException.class);
        }
        for (String column : List.of("00ffffff7f", "0000000000ffffff7f")) {
            byte[] bytes = HexFormat.of().parseHex(column);
            assertThatThrownBy(() -> Updates.toV1(bytes)).isInstanceOf(MalformedUpdateException.class);
        }
        for (String claim : List.of("ffffff7f", "01ffffffffffffff7f", "0101ffffff7f00")) {
            byte[] bytes = HexFormat.of().parseHex(claim);
            assertThatThrownBy(() -> DeleteSet.decode(bytes)).isInstanceOf(MalformedUpdateException.class);
            assertThatThrownBy(() -> StateVector.decode(bytes)).isInstanceOf(MalformedUpdateException.class);
            assertThatThrownBy(() -> Snapshot.decode(bytes)).isInstanceOf(MalformedUpdateException.class);
            assertThatThrownBy(() -> Snapshot.decodeV2(bytes)).isInstanceOf(MalformedUpdateException.class);
        }
        assertThatThrownBy(() -> RelativePosition.decode(HexFormat.of().parseHex("01ffffff7f")))
                .isInstanceOf(MalformedUpdateException.class);
    }

    @Test
    void refusesValuesNestedAHundredThousandDeep() {
        byte[] lists = HostileBytes.made(out -> {
            for (int i = 0; i < 100_000; i++) {
                out.bytes(new byte[] {117, 1});
            }
        });
        byte[] objects = HostileBytes.made(out -> {
            for (int i = 0; i < 100_000; i++) {
                out.bytes(new byte[] {118, 1, 0});
            }
        });
        for (byte[] value : List.of(lists, objects)) {
            assertThat(allocated(() -> AnyCodec.read(new ByteReader(value)))).isLessThan(10L * value.length + 65_536);
            assertThatThrownBy(() -> AnyCodec.skip(new ByteReader(value))).hasMessageContaining("nested deeper");
            assertThatThrownBy(() -> AnyCodec.read(new ByteReader(value))).hasMessageContaining("nested deeper");
        }
        for (String json : List.of("[".repeat(100_000), "{\"\":".repeat(100_000))) {
            assertThat(allocated(() -> Json.parse(json))).isLessThan(10L * json.length() + 65_536);
            assertThatThrownBy(() -> Json.parse(json)).hasMessageContaining("nested deeper");
            assertThatThrownBy(() -> Json.check(json)).hasMessageContaining("nested deeper");
        }
    }

    /** Each list claims a thousand elements, of which the first is the next list. */
    @Test
    void makesNoRoomForWhatNestedListsClaim() {
        int lists = JsValue.MAX_DEPTH - 1;
        byte[] value = HostileBytes.made(out -> {
            for (int i = 0; i < lists; i++) {
                out.u8(117);
                out.varUint(1_000);
            }
            out.bytes(new byte[1_000]);
        });

        long bytes = allocated(() -> AnyCodec.read(new ByteReader(value)));

        assertThat(bytes).isLessThan(10L * value.length + 65_536 + (long) HostileBytes.BYTES_A_PART * lists);
    }

    @Test
    void costsNoMoreThanItsBudgetWhateverIsDamaged() {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> valid = validUpdates(random);
        int budget = 1_000;
        for (int i = 0; i < 6_000; i++) {
            byte[] bytes = damaged(random, valid.get(random.nextInt(valid.size())));
            long line = 10L * bytes.length + 65_536 + 2L * HostileBytes.BYTES_A_PART * budget;
            long v1 = allocated(() -> new Doc(1).applyUpdate(bytes, null, budget));
            long v2 = allocated(() -> new Doc(1).applyUpdateV2(bytes, null, budget));

            assertThat(Math.max(v1, v2))
                    .as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
                    .isLessThan(line);
        }
    }

    private static List<byte[]> validUpdates(SplittableRandom random) {
        List<byte[]> out = new ArrayList<>();
        RandomEdits edits = new RandomEdits(random, RandomEdits.Repertoire.of(RandomEdits.Alphabet.HALVES));
        Doc doc = new Doc(1);
        doc.onUpdate((update, origin, local) -> out.add(update));
        doc.onUpdateV2((update, origin, local) -> out.add(update));
        for (int i = 0; i < 100; i++) {
            doc.transact(null, tx -> edits.edit(doc, new ArrayList<>()));
        }
        doc.map("map").set("sub", new SubDocument("guid", Map.of("meta", List.of(1))));
        out.add(doc.encodeState());
        out.add(doc.encodeStateV2());
        return out;
    }

    /** Bits flipped, or a varint of many bits put in. */
    private static byte[] damaged(SplittableRandom random, byte[] update) {
        byte[] bytes = update.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextBoolean()) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 5);
        System.arraycopy(bytes, at, longer, at + 5, bytes.length - at);
        Arrays.fill(longer, at, at + 4, (byte) (0x80 | random.nextInt(128)));
        longer[at + 4] = (byte) random.nextInt(128);
        return longer;
    }

    /** How many bytes reading allocates, refused or not; the second time, when all classes are loaded. */
    private static long allocated(Runnable reading) {
        read(reading);
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        read(reading);
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    private static void read(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedUpdateException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
