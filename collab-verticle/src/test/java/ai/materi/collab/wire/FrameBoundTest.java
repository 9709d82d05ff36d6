package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in chunks of every size: what is within the bound goes through byte for byte. */
class FrameBoundTest {
    private static final int BOUND = 70_000;

    private final AtomicInteger tooLarge = new AtomicInteger();
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameBound(BOUND, tooLarge::incrementAndGet));

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 13, 14, 126, 4096, 1_000_000})
    void passesFramesWithinTheBoundInWhateverPiecesTheyCome(int chunk) {
        ByteBuf sent = Unpooled.buffer();
        for (int size : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, BOUND}) {
            frame(sent, size, true);
            frame(sent, size, false);
        }

        assertThat(through(sent, chunk)).isEqualTo(sent);
        assertThat(tooLarge).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 13, 14, 126, 4096, 1_000_000})
    void passesOverAFrameBeyondTheBoundAndReadsOn(int chunk) {
        ByteBuf sent = Unpooled.buffer();
        frame(sent, 3, true);
        frame(sent, BOUND + 1, true);
        frame(sent, 5, true);
        ByteBuf expected = Unpooled.buffer();
        frame(expected, 3, true);
        frame(expected, 5, true);

        assertThat(through(sent, chunk)).isEqualTo(expected);
        assertThat(tooLarge).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, BOUND + 1L, 1L << 40})
    void keepsNothingOfAFrameThatOnlyClaimsALength(long length) {
        ByteBuf sent = Unpooled.buffer().writeByte(0x82).writeByte(0xff).writeLong(length);
        sent.writeBytes(new byte[4 + 50_000]);

        assertThat(through(sent, 1000).isReadable()).isFalse();
        assertThat(tooLarge).hasValue(1);
    }

    @Test
    void waitsForTheRestOfAHeader() {
        ByteBuf sent = Unpooled.buffer().writeByte(0x82).writeByte(0xfe).writeByte(0);

        assertThat(through(sent, 1).isReadable()).isFalse();
        assertThat(tooLarge).hasValue(0);
    }

    private ByteBuf through(ByteBuf bytes, int chunk) {
        ByteBuf left = bytes.duplicate();
        while (left.isReadable()) {
            channel.writeInbound(left.readRetainedSlice(Math.min(chunk, left.readableBytes())));
        }
        ByteBuf passed = Unpooled.buffer();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            passed.writeBytes(piece);
            piece.release();
        }
        return passed;
    }

    private static void frame(ByteBuf into, int size, boolean masked) {
        int mask = masked ? 0x80 : 0;
        into.writeByte(0x82);
        if (size < 126) {
            into.writeByte(mask | size);
        } else if (size <= 0xffff) {
            into.writeByte(mask | 126).writeShort(size);
        } else {
            into.writeByte(mask | 127).writeLong(size);
        }
        into.writeZero(masked ? 4 : 0);
        for (int i = 0; i < size; i++) {
            into.writeByte(i * 31);
        }
    }
}
