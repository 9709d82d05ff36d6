package ai.materi.platform.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback ports that were free a moment ago, from below those that systems give to outgoing connections: a server that is down
 * for a moment would find one of these taken by a client that happened to be given it.
 */
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    public static int one() {
        return take(1).get(0);
    }

    /** So many different ones. */
    public static List<Integer> take(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int tries = 0; sockets.size() < count && tries < TRIES; tries++) {
                open(ThreadLocalRandom.current().nextInt(FIRST, END), sockets);
            }
            if (sockets.size() < count) {
                throw new IllegalStateException("there are no " + count + " free ports");
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            sockets.forEach(FreePorts::close);
        }
    }

    private static void open(int port, List<ServerSocket> sockets) throws IOException {
        try {
            sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException taken) {
            // the next one is tried
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
