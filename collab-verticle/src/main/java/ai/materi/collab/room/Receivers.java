package ai.materi.collab.room;

import ai.materi.collab.frame.SharedFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room's peers whose sockets live on one loop. Touched on that loop only. A frame for many peers goes out in portions,
 * between which the loop does other things; frames of one kind keep their order, and those of presence wait for the others.
 */
final class Receivers {
    private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);
    private static final int PORTION = 256;

    private final Loop loop;
    private final List<Peer> peers = new ArrayList<>();
    private final ArrayDeque<BooleanSupplier> edits = new ArrayDeque<>();
    private final ArrayDeque<BooleanSupplier> presence = new ArrayDeque<>();
    private boolean delivering;

    /** A frame on its way to those who were here when it began. */
    private static final class Delivery {
        private final SharedFrame frame;
        private final BiConsumer<Peer, SharedFrame> how;
        private final @Nullable Peer except;
        private final Runnable delivered;
        private final Peer[] to;
        private int next;

        Delivery(
                SharedFrame frame,
                BiConsumer<Peer, SharedFrame> how,
                @Nullable Peer except,
                List<Peer> peers,
                Runnable delivered) {
            this.frame = frame;
            this.how = how;
            this.except = except;
            this.delivered = delivered;
            this.to = peers.toArray(new Peer[0]);
        }

        /** Whether everybody has it. */
        boolean portion() {
            int end = Math.min(to.length, next + PORTION);
            for (; next < end; next++) {
                if (to[next] != except) {
                    tell(to[next]);
                }
            }
            if (next < to.length) {
                return false;
            }
            delivered.run();
            return true;
        }

        /** One peer's trouble is neither the others' nor the room's. */
        private void tell(Peer peer) {
            try {
                how.accept(peer, frame);
            } catch (RuntimeException failure) {
                LOG.warn("a peer could not be told", failure);
                peer.end(Ending.TRY_LATER);
            }
        }
    }

    Receivers(Loop loop) {
        this.loop = loop;
    }

    void add(Peer peer) {
        peers.add(peer);
    }

    void remove(Peer peer) {
        peers.remove(peer);
    }

    /** @param delivered is run once everybody has it */
    void deliver(SharedFrame frame, @Nullable Peer except, Runnable delivered) {
        deliver(edits, new Delivery(frame, Peer::deliver, except, peers, delivered)::portion);
    }

    /** What an application says. */
    void say(SharedFrame frame, @Nullable Peer except) {
        deliver(edits, new Delivery(frame, Peer::say, except, peers, () -> {})::portion);
    }

    /** Presence of which a newer state may follow: it lets everything else go first. */
    void deliverPresence(SharedFrame frame) {
        deliver(presence, new Delivery(frame, Peer::deliver, null, peers, () -> {})::portion);
    }

    /** Once everything that came before, but for presence, has been delivered. */
    void then(Runnable action) {
        deliver(edits, () -> {
            action.run();
            return true;
        });
    }

    /** @param delivery does a part of it, and says whether that was the last */
    private void deliver(ArrayDeque<BooleanSupplier> queue, BooleanSupplier delivery) {
        if (delivering || !delivery.getAsBoolean()) {
            queue.add(delivery);
        }
        if (!delivering && !queue.isEmpty()) {
            delivering = true;
            loop.post(this::deliverOn);
        }
    }

    private void deliverOn() {
        ArrayDeque<BooleanSupplier> queue = edits.isEmpty() ? presence : edits;
        if (queue.element().getAsBoolean()) {
            queue.remove();
        }
        delivering = !edits.isEmpty() || !presence.isEmpty();
        if (delivering) {
            loop.post(this::deliverOn);
        }
    }
}
