package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsNumberTest {
    /** Prints each double of standard input, eight bytes, highest first. */
    private static final String PRINT = """
            const all = require('fs').readFileSync(0)
            const out = []
            for (let at = 0; at < all.length; at += 8) out.push(String(all.readDoubleBE(at)))
            process.stdout.write(out.join('\\n'))
            """;

    @TempDir
    private Path folder;

    @Test
    void printsEveryDoubleAsJavaScriptDoes() throws Exception {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        List<Double> doubles = doubles(new SplittableRandom(seed));
        assertThat(doubles).hasSizeGreaterThan(200_000);

        List<String> expected = printedByNode(doubles);

        assertThat(expected).hasSameSizeAs(doubles);
        for (int i = 0; i < doubles.size(); i++) {
            double value = doubles.get(i);
            if (!JsNumber.toString(value).equals(expected.get(i))) {
                assertThat(JsNumber.toString(value))
                        .as("seed %d, %s", seed, Double.toHexString(value))
                        .isEqualTo(expected.get(i));
            }
        }
    }

    private static List<Double> doubles(SplittableRandom random) {
        List<Double> out = new ArrayList<>();
        for (int exponent = -1074; exponent <= 1023; exponent++) {
            withNeighbours(out, Math.scalb(1.0, exponent));
        }
        for (int exponent = -324; exponent <= 308; exponent++) {
            withNeighbours(out, Double.parseDouble("1e" + exponent));
            withNeighbours(out, Double.parseDouble("9.5e" + exponent));
        }
        for (int i = 0; i < 60_000; i++) {
            out.add(Double.longBitsToDouble(random.nextLong()));
            out.add(Double.longBitsToDouble(random.nextLong(1L << 52)));
            out.add(random.nextLong(1L << 53) / Math.pow(10, random.nextInt(25)));
            out.add(random.nextInt(100_000) / 1000.0);
            // Few bits, so that ties and exact halves come up.
            out.add(Math.scalb((double) random.nextInt(1 << 12), random.nextInt(-1074, 1000)));
        }
        return out;
    }

    private static void withNeighbours(List<Double> out, double value) {
        out.add(Math.nextDown(value));
        out.add(value);
        out.add(-value);
        out.add(Math.nextUp(value));
    }

    private List<String> printedByNode(List<Double> doubles) throws IOException, InterruptedException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * doubles.size());
        doubles.forEach(bytes::putDouble);
        Path in = Files.write(folder.resolve("doubles"), bytes.array());
        Path out = folder.resolve("printed");
        Process node = new ProcessBuilder("node", "-e", PRINT)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(node.waitFor()).isZero();
        return Files.readAllLines(out);
    }
}
