package ai.materi.collab.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final long MAX_SAFE = (1L << 53) - 1;

    @Test
    void readsWhatIsWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            long number = random.nextLong() & MAX_SAFE >> random.nextInt(53);
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Buffer message = new FrameWriter(0)
                    .varUint(number)
                    .bytes(bytes)
                    .bytes(bytes)
                    .string("Grüße \uD83D\uDC4B")
                    .varUint(MAX_SAFE)
                    .toBuffer();

            FrameReader reader = new FrameReader(message);

            assertThat(reader.varUint()).as("seed %d", seed).isEqualTo(number);
            assertThat(reader.bytes()).as("seed %d", seed).isEqualTo(bytes);
            reader.skipBytes();
            assertThat(reader.string(20)).isEqualTo("Grüße \uD83D\uDC4B");
            assertThat(reader.varUint()).isEqualTo(MAX_SAFE);
        }
    }

    @Test
    void refusesAnIntegerThatJavaScriptCannotHold() {
        Buffer message = new FrameWriter(0).varUint(MAX_SAFE + 1).toBuffer();

        assertThatThrownBy(() -> new FrameReader(message).varUint()).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void refusesALengthThatRunsPastTheEnd() {
        Buffer message = new FrameWriter(0).varUint(1L << 31).toBuffer();

        assertThatThrownBy(() -> new FrameReader(message).bytes()).isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> new FrameReader(message).skipBytes()).isInstanceOf(MalformedFrameException.class);
    }
}
