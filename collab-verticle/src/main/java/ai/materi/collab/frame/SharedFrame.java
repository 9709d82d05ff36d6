package ai.materi.collab.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One message for everybody in a room, encoded once for each wire, down to the frame of the WebSocket. Written by many
 * sockets on many loops at a time, so nobody may change it, and nobody needs to release it.
 */
public final class SharedFrame {
    private static final int BINARY_AND_FINAL = 0x82;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MAX_HEADER = 10;

    private final Buffer message;
    private final ByteBuf plain;
    private final ByteBuf named;
    /** Found out when somebody is not sent it; by two loops at once perhaps, with the same outcome. */
    private volatile @Nullable Withheld withheld;

    private SharedFrame(Buffer message, ByteBuf plain, ByteBuf named) {
        this.message = message;
        this.plain = plain;
        this.named = named;
    }

    public static SharedFrame of(Buffer message, String name, boolean anyNamed) {
        ByteBuf named = anyNamed ? socketFrame(Messages.named(name, message)) : Unpooled.EMPTY_BUFFER;
        return new SharedFrame(message, socketFrame(message), named);
    }

    /** As y-websocket carries it. */
    public Buffer message() {
        return message;
    }

    /** The frame that holds it. */
    public ByteBuf plain() {
        return plain;
    }

    /** The frame that holds the same behind the document's name, as Hocuspocus carries it; empty when nobody there speaks it. */
    public ByteBuf named() {
        return named;
    }

    /** The start of a frame that holds the same behind another name; {@link #body()} is to follow. */
    public ByteBuf head(String name) {
        return socketFrame(
                new FrameWriter(MAX_HEADER + name.length()).string(name).toBuffer(), message.length());
    }

    public ByteBuf body() {
        return plain.slice(plain.readerIndex() + plain.readableBytes() - message.length(), message.length());
    }

    /** What somebody lacks who is not sent it. */
    public Withheld withheld() {
        Withheld known = withheld;
        if (known == null) {
            known = Withheld.of(message);
            withheld = known;
        }
        return known;
    }

    /** A whole binary message in one frame of a server (RFC 6455, section 5.2), which needs no release. */
    public static ByteBuf socketFrame(Buffer message) {
        return socketFrame(message, 0);
    }

    /** The same, but for the last bytes of the message, which are to follow. */
    static ByteBuf socketFrame(Buffer start, int following) {
        int length = start.length() + following;
        ByteBuf frame = Unpooled.buffer(MAX_HEADER + start.length()).writeByte(BINARY_AND_FINAL);
        if (length < SHORT_LENGTH) {
            frame.writeByte(length);
        } else if (length <= 0xffff) {
            frame.writeByte(SHORT_LENGTH).writeShort(length);
        } else {
            frame.writeByte(LONG_LENGTH).writeLong(length);
        }
        int at = frame.writerIndex();
        start.getBytes(frame.array(), frame.arrayOffset() + at);
        return Unpooled.unreleasableBuffer(frame.writerIndex(at + start.length()));
    }
}
