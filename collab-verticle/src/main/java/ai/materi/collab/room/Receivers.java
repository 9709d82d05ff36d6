package ai.materi.collab.room;

import ai.materi.collab.frame.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A room's peers whose sockets live on one loop. Touched on that loop only. */
final class Receivers {
    private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

    private final List<Peer> peers = new ArrayList<>();

    void add(Peer peer) {
        peers.add(peer);
    }

    void remove(Peer peer) {
        peers.remove(peer);
    }

    void deliver(SharedFrame frame, @Nullable Peer except) {
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            if (peer != except) {
                tell(peer, frame);
            }
        }
    }

    /** One peer's trouble is neither the others' nor the room's. */
    private static void tell(Peer peer, SharedFrame frame) {
        try {
            peer.deliver(frame);
        } catch (RuntimeException failure) {
            LOG.warn("a peer could not be told", failure);
            peer.end(Ending.TRY_LATER);
        }
    }
}
