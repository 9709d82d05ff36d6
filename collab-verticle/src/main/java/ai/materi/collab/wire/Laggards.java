package ai.materi.collab.wire;

import ai.materi.collab.room.Loop;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Readers of documents on one socket that were not sent something. They are caught up one after the other, each once all
 * that the socket was given before is written. Touched on the line's loop only.
 */
final class Laggards {
    private final ChannelHandlerContext channel;
    private final Loop loop;
    private final BooleanSupplier departing;
    private final Set<Lag> waiting = new LinkedHashSet<>();
    private @Nullable Lag served;
    private boolean draining;

    /** @param departing whether the socket was given something that it has not begun to write */
    Laggards(ChannelHandlerContext channel, Loop loop, BooleanSupplier departing) {
        this.channel = channel;
        this.loop = loop;
        this.departing = departing;
    }

    /** {@link Lag#catchUp()} is called in its turn. */
    void add(Lag lag) {
        waiting.add(lag);
        drain();
    }

    /** What it lacked is on its way, and the next one's turn comes when that is written. */
    void served(Lag lag) {
        if (served == lag) {
            served = null;
            drain();
        }
    }

    void remove(Lag lag) {
        waiting.remove(lag);
        served(lag);
    }

    void clear() {
        waiting.clear();
    }

    /**
     * Called when something has departed, and now and then besides, for those who could not be served yet. An empty write is
     * done when all before it is.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
    void drain() {
        if (!draining && served == null && !waiting.isEmpty() && !departing.getAsBoolean()) {
            draining = true;
            channel.writeAndFlush(
                    Unpooled.EMPTY_BUFFER, channel.newPromise().addListener(written -> loop.post(this::drained)));
        }
    }

    private void drained() {
        draining = false;
        for (Lag next : List.copyOf(waiting)) {
            waiting.remove(next);
            served = next;
            if (next.catchUp()) {
                return;
            }
            served = null;
            waiting.add(next);
        }
    }
}
