package ai.materi.collab.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Passes over WebSocket frames (RFC 6455, section 5.2) that announce a payload over a bound, before anything of them is kept,
 * and reads on behind them. The decoder of Netty hangs up in the middle of such a frame: the bytes that are still under way
 * then reset the connection, and its close frame is lost with it. Here the close frame goes out while the rest of the payload
 * comes in, and the other side's answer to it is heard.
 */
final class FrameBound extends ByteToMessageDecoder {
    private static final String DECODER = "wsdecoder";
    private static final int LENGTH_BITS = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;

    private final long bound;
    private final Runnable onTooLarge;
    /** Bytes of the present frame that have not come yet; 0 between frames. */
    private long left;

    private boolean passingOver;

    /** @param bound bytes of payload */
    FrameBound(long bound, Runnable onTooLarge) {
        this.bound = bound;
        this.onTooLarge = onTooLarge;
    }

    /** Of a connection that has just become a WebSocket; to be called before its loop reads on. */
    static void watch(Channel connection, long bound, Runnable onTooLarge) {
        connection.pipeline().addBefore(DECODER, "frame-bound", new FrameBound(bound, onTooLarge));
    }

    @Override
    protected void decode(ChannelHandlerContext channel, ByteBuf bytes, List<Object> passed) {
        if (left == 0 && !begin(bytes, passed)) {
            return;
        }
        int here = (int) Math.min(left, bytes.readableBytes());
        left -= here;
        if (passingOver) {
            bytes.skipBytes(here);
        } else if (here > 0) {
            passed.add(bytes.readRetainedSlice(here));
        }
    }

    /** Reads a header, of 2 to 14 bytes, once it is there as a whole. */
    private boolean begin(ByteBuf bytes, List<Object> passed) {
        if (bytes.readableBytes() < 2) {
            return false;
        }
        int second = bytes.getUnsignedByte(bytes.readerIndex() + 1);
        int length = second & LENGTH_BITS;
        int extra = length < SHORT_LENGTH ? 0 : length == SHORT_LENGTH ? Short.BYTES : Long.BYTES;
        int header = 2 + extra + ((second & MASKED) == 0 ? 0 : MASK_BYTES);
        if (bytes.readableBytes() < header) {
            return false;
        }
        left = switch (extra) {
            case 0 -> length;
            case Short.BYTES -> bytes.getUnsignedShort(bytes.readerIndex() + 2);
            default -> bytes.getLong(bytes.readerIndex() + 2);
        };
        passingOver = left < 0 || left > bound;
        if (passingOver) {
            left = left < 0 ? Long.MAX_VALUE : left;
            bytes.skipBytes(header);
            onTooLarge.run();
        } else {
            passed.add(bytes.readRetainedSlice(header));
        }
        return true;
    }
}
