package ai.materi.collab.wire;

import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Limit;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Peer;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.RoomSettings;
import ai.materi.collab.room.Underway;
import ai.materi.platform.telemetry.TraceSpan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket, with the bounds that both wires share: the size of a message, what may wait to be sent to a slow reader,
 * what may wait for a busy room, and how long either side may be silent. What does not fit is withheld from its reader, who
 * is caught up once all that waits is written ({@link Lag}); a reader that has stopped is cut off after a while. Touched on
 * its loop only.
 */
final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    /** Beyond what may wait, what cannot be made up for later has this part of it as well. */
    private static final int RESERVE = 4;

    /** Each of as much as the kernel takes; then others have their turn. */
    private static final int WRITES_A_TURN = 1;

    private static final long HARD_CLOSE_MS = 5_000;
    private static final long HASTY_CLOSE_MS = 1_000;
    private static final String ENCODER = "wsencoder";
    private static final Buffer NOTHING = Buffer.buffer();

    private final ServerWebSocket socket;
    private final Channel connection;
    /** Where frames go out that are encoded already: behind the encoder. */
    private final ChannelHandlerContext encoded;

    private final Loop loop;
    private final Laggards laggards;
    private final @Nullable String trace;
    private final WireParts parts;
    private final LineKeeper keeper;
    private final LineListener listener;
    private final Underway underway;
    private @Nullable Buffer partial;
    private long heardAt = System.currentTimeMillis();
    private long toldAt = heardAt;
    private long bigUnsent;
    /** Big messages that have not begun to leave. */
    private int departing;

    private long counted;
    private long movedAt = heardAt;
    private long position;
    private boolean held;
    private boolean pausing;
    private boolean ended;

    /**
     * @param connection that of the socket, on whose event loop this is called
     * @param trace that the socket belongs to, as a traceparent; null when its edits are traced by chance
     */
    Line(
            ServerWebSocket socket,
            Channel connection,
            Loop loop,
            @Nullable String trace,
            WireParts parts,
            LineKeeper keeper,
            Function<Line, LineListener> protocol) {
        this.socket = socket;
        this.connection = connection;
        this.encoded = connection.pipeline().context(ENCODER);
        connection.config().setWriteSpinCount(WRITES_A_TURN);
        this.loop = loop;
        this.laggards = new Laggards(encoded, loop, () -> departing > 0);
        this.trace = trace;
        this.parts = parts;
        this.keeper = keeper;
        this.underway = new Underway(parts.settings().frameBytes(), loop, socket::pause, this::flow);
        socket.exceptionHandler(failure -> LOG.debug("a socket failed", failure));
        socket.closeHandler(none -> closed());
        keeper.opened();
        socket.frameHandler(this::frame);
        this.listener = protocol.apply(this);
    }

    Loop loop() {
        return loop;
    }

    Laggards laggards() {
        return laggards;
    }

    boolean isOpen() {
        return !ended;
    }

    LineListener listener() {
        return listener;
    }

    /** Reads nothing more until {@link #release()}. */
    void hold() {
        held = true;
        socket.pause();
    }

    void release() {
        held = false;
        flow();
    }

    void met(Limit limit) {
        parts.meters().met(limit);
    }

    /** An edit arrived. */
    TraceSpan traced() {
        return parts.traces().begin("edit", trace);
    }

    /** Reads nothing for so long: it sends more than this limit allows. */
    void pause(long millis, Limit limit) {
        if (pausing || ended) {
            return;
        }
        met(limit);
        pausing = true;
        socket.pause();
        parts.vertx()
                .setTimer(
                        millis,
                        timer -> loop.run(() -> {
                            pausing = false;
                            flow();
                        }));
    }

    /** Into a room, on the room's loop. Throws what {@link Room#join} throws. */
    Membership join(Room room, Peer peer, boolean writes) {
        RoomSettings bounds = room.settings();
        long now = System.nanoTime();
        Allowance edits = new Allowance(bounds.updatesPerSecond(), bounds.updatesBurst(), now);
        Allowance words = new Allowance(bounds.statelessPerSecond(), bounds.statelessBurst(), now);
        return new Membership(this, room, room.join(peer, writes), edits, words);
    }

    /** What goes to rooms: when it is too much the line reads no more. */
    Underway underway() {
        return underway;
    }

    /** What nobody could make up for later, such as an acknowledgement: a reader that leaves too much of it is cut off. */
    void send(Buffer message) {
        if (isOver()) {
            return;
        }
        int bound = parts.settings().sendBytes();
        if (unsent() - bigUnsent + message.length() > bound + bound / RESERVE) {
            end(Ending.TOO_SLOW);
        } else {
            write(Unpooled.EMPTY_BUFFER, SharedFrame.socketFrame(message), 0, null);
        }
    }

    /**
     * Sends what can be made up for later: a frame in two parts, of which others may be sending the second too. False when
     * too much waits already.
     */
    boolean offer(ByteBuf head, ByteBuf rest) {
        return isOver() || offer(head, rest, null);
    }

    /**
     * The same of much of a document.
     *
     * @param name that goes in front; null on a wire without names
     */
    boolean offer(SharedState state, @Nullable String name) {
        if (isOver()) {
            return true;
        }
        ByteBuf head = state.head(name);
        int size = head.readableBytes() + state.size();
        if (!fits(size)) {
            return false;
        }
        state.writing();
        if (isBig(size)) {
            depart(head, state);
        } else {
            write(head, state.update(), 0, state::written);
        }
        return true;
    }

    private void depart(ByteBuf head, SharedState state) {
        int size = head.readableBytes() + state.size();
        departing++;
        keeper.departures(loop).depart(gone -> {
            departing--;
            Runnable written = () -> {
                state.written();
                gone.run();
                laggards.drain();
            };
            if (isOver()) {
                written.run();
            } else {
                write(head, state.update(), size, written);
            }
        });
    }

    /** A message that is larger than half of the bound has to go out whole all the same, but one at a time. */
    private boolean offer(ByteBuf head, ByteBuf rest, @Nullable Runnable written) {
        int size = head.readableBytes() + rest.readableBytes();
        boolean fits = fits(size);
        if (fits) {
            write(head, rest, isBig(size) ? size : 0, written);
        }
        return fits;
    }

    private boolean fits(int size) {
        return isBig(size)
                ? bigUnsent == 0 && departing == 0
                : unsent() - bigUnsent + size <= parts.settings().sendBytes();
    }

    private boolean isBig(int size) {
        return size > parts.settings().sendBytes() / 2;
    }

    private boolean isOver() {
        return ended || socket.isClosed();
    }

    /** Bytes that wait for the reader, with what it takes to keep them. */
    private long unsent() {
        @Nullable ChannelOutboundBuffer waiting = connection.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** Whether nothing of what waits has gone out for so long, not even a part of its first message. */
    private boolean isStalled(long now) {
        @Nullable ChannelOutboundBuffer waiting = connection.unsafe().outboundBuffer();
        Object first = waiting == null ? null : waiting.current();
        long here = first == null || waiting == null
                ? 0
                : ((long) System.identityHashCode(first) << Integer.SIZE) + waiting.currentProgress();
        if (here == 0 || here != position) {
            position = here;
            movedAt = now;
        }
        return now - movedAt > parts.settings().stalled().toMillis();
    }

    private void count(long bytes) {
        keeper.unsent(bytes - counted);
        counted = bytes;
    }

    void end(Ending ending) {
        if (ended) {
            return;
        }
        parts.meters().ended(ending);
        leave();
        if (socket.isClosed()) {
            return;
        }
        socket.close((short) ending.code(), ending.reason());
        // A reader that has stopped would keep the close frame, and all that waits before it, for ever.
        parts.vertx().setTimer(keeper.isDismissing() ? HASTY_CLOSE_MS : HARD_CLOSE_MS, timer -> cut());
    }

    void tick(long now) {
        if (now - heardAt > parts.settings().silence().toMillis()) {
            end(Ending.TRY_LATER);
            return;
        }
        if (isStalled(now)) {
            end(Ending.TOO_SLOW);
            return;
        }
        count(unsent());
        laggards.drain();
        if (now - heardAt > parts.settings().silence().toMillis() / 2 && !socket.isClosed()) {
            socket.writePing(NOTHING);
        }
        listener.tick(now);
    }

    /** Whether nothing was said to the other side for a while. */
    boolean isQuiet(long now) {
        return now - toldAt >= parts.settings().keepalive().toMillis();
    }

    private void frame(WebSocketFrame frame) {
        heardAt = System.currentTimeMillis();
        if (ended || frame.isPing() || frame.isClose() || frame.type() == WebSocketFrameType.PONG) {
            return;
        }
        Buffer before = partial;
        Buffer data = frame.binaryData();
        if (data.length() + (before == null ? 0 : before.length())
                > parts.settings().frameBytes()) {
            end(Ending.FRAME_TOO_LARGE);
        } else if (frame.isText() || frame.isContinuation() != (before != null)) {
            end(Ending.MALFORMED);
        } else {
            gather(before == null ? data : before.appendBuffer(data), frame.isFinal());
        }
    }

    private void gather(Buffer message, boolean whole) {
        partial = whole ? null : message.copy();
        if (whole) {
            received(message);
        }
    }

    private void received(Buffer message) {
        parts.meters().received();
        try {
            listener.message(message);
        } catch (MalformedFrameException malformed) {
            LOG.debug("a socket sent: {}", malformed.getMessage());
            end(Ending.MALFORMED);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends with its connection, which says so
    private void write(ByteBuf head, ByteBuf rest, int bigBytes, @Nullable Runnable written) {
        parts.meters().sent();
        toldAt = System.currentTimeMillis();
        ChannelPromise done = encoded.voidPromise();
        if (bigBytes > 0 || written != null) {
            bigUnsent += bigBytes;
            done = encoded.newPromise().addListener(whole -> {
                bigUnsent -= bigBytes;
                if (written != null) {
                    written.run();
                }
            });
        }
        if (head.isReadable()) {
            encoded.write(head, encoded.voidPromise());
        }
        encoded.writeAndFlush(rest.duplicate(), done);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do about a connection that is closed already
    private void cut() {
        connection.close();
    }

    private void flow() {
        if (!held && !underway.isBusy() && !pausing && !ended) {
            socket.resume();
        }
    }

    private void closed() {
        keeper.closed();
        if (!ended) {
            leave();
        }
    }

    private void leave() {
        ended = true;
        partial = null;
        laggards.clear();
        count(0);
        keeper.remove(this);
        listener.gone();
    }
}
