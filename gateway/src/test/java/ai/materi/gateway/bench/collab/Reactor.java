package ai.materi.gateway.bench.collab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** All sockets of this process, on the thread that calls it, and one buffer for what they receive. */
final class Reactor implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Selector selector = Selector.open();
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];

    Reactor() throws IOException {}

    /** Connects at once, as a listening socket of the same machine lets one. */
    SelectionKey connect(InetSocketAddress server, SkimmingSocket socket) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ, socket);
    }

    /** Serves whatever is ready, and waits for it no longer than until a moment of {@link System#nanoTime()}. */
    void turn(long until) throws IOException {
        long wait = until - System.nanoTime();
        if (wait > 0) {
            selector.select(this::serve, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
        } else {
            selector.selectNow(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        SkimmingSocket socket = (SkimmingSocket) key.attachment();
        try {
            if (key.isReadable()) {
                SocketChannel channel = (SocketChannel) key.channel();
                // The kernel's own acknowledgement costs as much as the rest of reading: it may come 40 ms later.
                channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
                direct.clear();
                int count = channel.read(direct);
                if (count < 0) {
                    socket.end("the server closed the connection");
                    return;
                }
                direct.flip().get(bytes, 0, count);
                socket.received(bytes, count);
            }
            if (key.isValid() && key.isWritable()) {
                socket.flush();
            }
        } catch (IOException broken) {
            socket.end(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
