package ai.materi.collab.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One message for everybody in a room, encoded at most once for each wire, down to the frame of the WebSocket, when the first
 * receiver on it is told. Written by many sockets on many loops at a time, so nobody may change it, and nobody needs to release it.
 */
public final class SharedFrame {
    private static final int BINARY_AND_FINAL = 0x82;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MAX_HEADER = 10;

    private final Buffer message;
    private final String name;
    private volatile @Nullable ByteBuf plain;
    private volatile @Nullable ByteBuf named;
    /** Found out when somebody is not sent it; by two loops at once perhaps, with the same outcome. */
    private volatile @Nullable Withheld withheld;

    /** @param name the document's */
    public SharedFrame(Buffer message, String name) {
        this.message = message;
        this.name = name;
    }

    /** As y-websocket carries it. */
    public Buffer message() {
        return message;
    }

    /** The frame that holds it. */
    public ByteBuf plain() {
        ByteBuf known = plain;
        return known == null ? encodedPlain() : known;
    }

    /** The frame that holds the same behind the document's name, as Hocuspocus carries it. */
    public ByteBuf named() {
        ByteBuf known = named;
        return known == null ? encodedNamed() : known;
    }

    /** A loop that has to wait here waits for the very bytes that it would have to copy itself. */
    private synchronized ByteBuf encodedPlain() {
        ByteBuf known = plain;
        if (known == null) {
            known = socketFrame(message);
            plain = known;
        }
        return known;
    }

    private synchronized ByteBuf encodedNamed() {
        ByteBuf known = named;
        if (known == null) {
            known = socketFrame(Messages.named(name, message));
            named = known;
        }
        return known;
    }

    /** The start of a frame that holds the same behind another name; {@link #body()} is to follow. */
    public ByteBuf head(String other) {
        return socketFrame(
                new FrameWriter(MAX_HEADER + other.length()).string(other).toBuffer(), message.length());
    }

    public ByteBuf body() {
        ByteBuf frame = plain();
        return frame.slice(frame.readerIndex() + frame.readableBytes() - message.length(), message.length());
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
