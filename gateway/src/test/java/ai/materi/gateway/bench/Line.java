package ai.materi.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection, one request at a time. Reads of an answer its status and its length only, because what the
 * generator costs is taken from the server beside it. A connection that breaks is opened again for the next request. Used
 * on one event loop.
 */
final class Line {
    /** A status that no server sends: the connection broke or the answer took too long. */
    static final int BROKEN = 0;

    private static final long PAUSE_MILLIS = 100;
    private static final int LONGEST_HEAD = 16_384;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";

    /** Told once for each request. */
    interface Answer {
        void arrived(int status);
    }

    private final Vertx vertx;
    private final NetClient client;
    private final SocketAddress server;
    private @Nullable NetSocket socket;
    private @Nullable Answer waiting;
    private long askedNanos;
    private Buffer head = Buffer.buffer();
    private int status;
    private int missing;

    Line(Vertx vertx, NetClient client, SocketAddress server) {
        this.vertx = vertx;
        this.client = client;
        this.server = server;
    }

    Future<Void> open() {
        return client.connect(server).map(connected -> {
            socket = connected;
            head = Buffer.buffer();
            missing = 0;
            connected.handler(chunk -> received(connected, chunk)).closeHandler(closed -> broken());
            return null;
        });
    }

    void ask(Buffer request, Answer answer) {
        waiting = answer;
        askedNanos = System.nanoTime();
        NetSocket open = socket;
        if (open != null) {
            open.write(request);
        } else {
            open().onSuccess(opened -> ask(request, answer)).onFailure(refused -> broken());
        }
    }

    /** Gives up an answer that has been awaited for longer than this. */
    void cutAfter(long nanos) {
        NetSocket open = socket;
        if (waiting != null && open != null && System.nanoTime() - askedNanos > nanos) {
            open.close();
        }
    }

    void close() {
        waiting = null;
        if (socket != null) {
            socket.close();
        }
    }

    /** Answers a little later, so that a server that is away is not asked in a spin. */
    private void broken() {
        socket = null;
        if (waiting != null) {
            vertx.setTimer(PAUSE_MILLIS, later -> answered(BROKEN));
        }
    }

    private void received(NetSocket from, Buffer chunk) {
        if (missing > 0) {
            bodyCame(from, chunk.length());
            return;
        }
        Buffer known = head.length() == 0 ? chunk : head.appendBuffer(chunk);
        String text = known.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        if (end < 0 && known.length() <= LONGEST_HEAD) {
            head = known == chunk ? chunk.copy() : known;
            return;
        }
        head = Buffer.buffer();
        int length = end < 0 ? -1 : bodyLength(text.substring(0, end + 2));
        if (length < 0) {
            from.close();
            return;
        }
        status = Integer.parseInt(text, 9, 12, 10);
        missing = length;
        bodyCame(from, known.length() - end - END_OF_HEAD.length());
    }

    private void bodyCame(NetSocket from, int bytes) {
        missing -= bytes;
        if (missing < 0) {
            from.close();
        } else if (missing == 0) {
            answered(status);
        }
    }

    /** −1 when the answer does not say how long it is: then nobody can tell where it ends. */
    private static int bodyLength(String head) {
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        }
        if (at < 0) {
            return -1;
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).strip());
    }

    private void answered(int status) {
        Answer answer = waiting;
        waiting = null;
        if (answer != null) {
            answer.arrived(status);
        }
    }
}
