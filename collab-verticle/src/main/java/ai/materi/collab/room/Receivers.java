package ai.materi.collab.room;

import ai.materi.collab.frame.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A room's peers whose sockets live on one loop. Touched on that loop only. */
final class Receivers {
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
                peer.deliver(frame);
            }
        }
    }
}
