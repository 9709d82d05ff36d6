package ai.materi.gateway.bench.collab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket client (RFC 6455) that shows each binary message where it was received, cut to a bound, and copies only what comes in
 * parts. Its mask is zero, which a server cannot tell from any other. Text messages are not shown: no server here sends any.
 */
final class SkimmingSocket {
    private static final int MOST_RESPONSE_BYTES = 8192;
    private static final int MOST_UNSENT = 10_000;
    private static final int LONGEST_HEADER = 10;
    private static final int MASK_BYTES = 4;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /** Who uses a socket. */
    interface Listener {
        void opened() throws IOException;

        /** A whole message, or as much of it as is kept; the bytes are those of the reader, for the moment. */
        void message(byte[] bytes, int from, int to) throws IOException;

        void ended(String why);
    }

    private final int keep;
    private final Listener listener;
    private final SelectionKey key;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private final byte[] header = new byte[LONGEST_HEADER];
    private int headerBytes;
    private boolean open;
    private boolean ended;
    private boolean inPayload;
    private long left;
    private byte[] kept = new byte[0];
    private int keptBytes;
    private byte[] control = new byte[0];

    /** @param keep bytes of a message that are shown */
    SkimmingSocket(Reactor reactor, URI server, int keep, Listener listener) throws IOException {
        this.keep = keep;
        this.listener = listener;
        this.key = reactor.connect(new InetSocketAddress(server.getHost(), server.getPort()), this);
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        String path = server.getRawPath().isEmpty() ? "/" : server.getRawPath();
        write(ByteBuffer.wrap(String.join(
                        "\r\n",
                        "GET " + path + " HTTP/1.1",
                        "Host: " + server.getHost() + ":" + server.getPort(),
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(nonce),
                        "Sec-WebSocket-Version: 13",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII)));
    }

    /** One binary message. */
    void send(byte[] message) throws IOException {
        write(BINARY, message);
    }

    private void write(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEADER + MASK_BYTES + payload.length);
        frame.put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        write(frame.putInt(0).put(payload).flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (ended) {
            return;
        }
        if (unsent.isEmpty()) {
            channel().write(bytes);
        }
        if (bytes.hasRemaining()) {
            if (unsent.size() == MOST_UNSENT) {
                throw new IOException("the server reads nothing any more");
            }
            unsent.add(bytes);
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    void flush() throws IOException {
        for (ByteBuffer first = unsent.peek(); first != null; first = unsent.peek()) {
            channel().write(first);
            if (first.hasRemaining()) {
                return;
            }
            unsent.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private SocketChannel channel() {
        return (SocketChannel) key.channel();
    }

    /** Does nothing after the first time. */
    void end(String why) {
        if (ended) {
            return;
        }
        ended = true;
        unsent.clear();
        key.cancel();
        try {
            channel().close();
        } catch (IOException ignored) {
            // It is given up either way, and why is told.
        }
        listener.ended(why);
    }

    void received(byte[] bytes, int count) throws IOException {
        int at = open ? 0 : response(bytes, count);
        while (at < count && !ended) {
            at = inPayload ? payload(bytes, at, count) : header(bytes, at);
        }
    }

    /** Waits for the end of the answer to the upgrade, and says where it is. */
    private int response(byte[] bytes, int count) throws IOException {
        int before = keptBytes;
        keep(bytes, 0, count, MOST_RESPONSE_BYTES);
        String text = new String(kept, 0, keptBytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            if (keptBytes == MOST_RESPONSE_BYTES) {
                throw new IOException("an answer without an end");
            }
            return count;
        }
        if (!text.startsWith("HTTP/1.1 101")) {
            throw new IOException("refused: " + text.lines().findFirst().orElse(""));
        }
        keptBytes = 0;
        open = true;
        listener.opened();
        return end + 4 - before;
    }

    private int header(byte[] bytes, int at) throws IOException {
        header[headerBytes++] = bytes[at];
        int length = header[1] & 0x7F;
        int needed = headerBytes < 2 ? 2 : length == 126 ? 4 : length == 127 ? 10 : 2;
        if (headerBytes == needed) {
            ByteBuffer read = ByteBuffer.wrap(header, 2, LONGEST_HEADER - 2);
            left = needed == 2 ? length : needed == 4 ? read.getShort() & 0xFFFF : read.getLong();
            headerBytes = 0;
            inPayload = true;
            if (left == 0) {
                end(bytes, at + 1, at + 1);
            }
        }
        return at + 1;
    }

    private int payload(byte[] bytes, int at, int count) throws IOException {
        int taken = (int) Math.min(left, count - at);
        left -= taken;
        if (left == 0) {
            end(bytes, at, at + taken);
        } else if (isControl()) {
            control = joined(control, bytes, at, at + taken);
        } else {
            keep(bytes, at, at + taken, keep);
        }
        return at + taken;
    }

    private boolean isControl() {
        return (header[0] & 0x0F) >= CLOSE;
    }

    /** A frame ends with what stands between {@code from} and {@code to}. */
    private void end(byte[] bytes, int from, int to) throws IOException {
        inPayload = false;
        int opcode = header[0] & 0x0F;
        if (isControl()) {
            control(opcode, joined(control, bytes, from, to));
            control = new byte[0];
            return;
        }
        boolean whole = (header[0] & 0x80) != 0;
        if (whole && keptBytes == 0) {
            show(opcode, bytes, from, Math.min(to, from + keep));
            return;
        }
        keep(bytes, from, to, keep);
        if (whole) {
            int length = keptBytes;
            keptBytes = 0;
            show(opcode, kept, 0, length);
        }
    }

    private void show(int opcode, byte[] bytes, int from, int to) throws IOException {
        if (opcode == BINARY || opcode == CONTINUATION) {
            listener.message(bytes, from, to);
        }
    }

    private void control(int opcode, byte[] payload) throws IOException {
        if (opcode == PING) {
            write(PONG, payload);
        } else if (opcode == CLOSE) {
            int code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
            end("closed with " + code);
        }
    }

    private void keep(byte[] bytes, int from, int to, int most) {
        int taken = Math.min(to - from, most - keptBytes);
        if (keptBytes + taken > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(most, 2 * (keptBytes + taken)));
        }
        System.arraycopy(bytes, from, kept, keptBytes, taken);
        keptBytes += taken;
    }

    private static byte[] joined(byte[] first, byte[] bytes, int from, int to) {
        byte[] both = Arrays.copyOf(first, first.length + to - from);
        System.arraycopy(bytes, from, both, first.length, to - from);
        return both;
    }
}
