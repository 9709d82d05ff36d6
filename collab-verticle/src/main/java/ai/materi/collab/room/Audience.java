package ai.materi.collab.room;

import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everybody in a room, by the loop of their socket. A message is encoded once for each wire and handed over once a loop,
 * so that a thousand receivers cost as many tasks as there are loops.
 */
final class Audience {
    private final String name;
    private final Map<Loop, Share> shares = new HashMap<>();
    private int size;

    /** What one loop has of it. */
    private static final class Share {
        private final Receivers receivers;
        private int size;

        Share(Loop loop) {
            receivers = new Receivers(loop);
        }
    }

    Audience(String name) {
        this.name = name;
    }

    void add(Peer peer) {
        Share share = shares.computeIfAbsent(peer.loop(), Share::new);
        share.size++;
        size++;
        peer.loop().run(() -> share.receivers.add(peer));
    }

    void remove(Peer peer) {
        Share share = shares.get(peer.loop());
        if (share == null) {
            return;
        }
        size--;
        peer.loop().run(() -> share.receivers.remove(peer));
        if (--share.size == 0) {
            shares.remove(peer.loop());
        }
    }

    int size() {
        return size;
    }

    /** @param delivered is run once it is written on every loop, on the last of them; not when nobody is here */
    void send(Buffer message, @Nullable Peer except, Runnable delivered) {
        if (shares.isEmpty()) {
            return;
        }
        AtomicInteger loops = new AtomicInteger(shares.size());
        Runnable done = () -> {
            if (loops.decrementAndGet() == 0) {
                delivered.run();
            }
        };
        SharedFrame frame = new SharedFrame(message, name);
        shares.forEach((loop, share) -> loop.run(() -> share.receivers.deliver(frame, except, done)));
    }

    /** What an application says, for all but one. */
    void say(Buffer message, @Nullable Peer except) {
        if (!shares.isEmpty()) {
            SharedFrame frame = new SharedFrame(message, name);
            shares.forEach((loop, share) -> loop.run(() -> share.receivers.say(frame, except)));
        }
    }

    /** Presence, for everybody; edits overtake it. */
    void sendPresence(Buffer message) {
        if (shares.isEmpty()) {
            return;
        }
        SharedFrame frame = new SharedFrame(message, name);
        shares.forEach((loop, share) -> loop.run(() -> share.receivers.deliverPresence(frame)));
    }

    /** On the peer's loop, once it has every edit that was sent so far. */
    void onceTold(Peer peer, Runnable action) {
        Share share = shares.get(peer.loop());
        if (share != null) {
            peer.loop().run(() -> share.receivers.then(action));
        }
    }

    void tell(Peer peer, Buffer message) {
        SharedFrame frame = new SharedFrame(message, name);
        peer.loop().run(() -> peer.deliver(frame));
    }

    static void tell(Peer peer, SharedState state) {
        peer.loop().run(() -> peer.deliver(state));
    }
}
