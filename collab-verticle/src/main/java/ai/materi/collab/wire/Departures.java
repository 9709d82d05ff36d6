package ai.materi.collab.wire;

import ai.materi.collab.room.Loop;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Big messages on their way out of the sockets of one loop: a few at a time, in the order in which they were offered. A crowd
 * that opens a large document at once is served one after the other, and its loop gets round to everybody's edits meanwhile.
 * Who reads slowly keeps others waiting for a moment only. Touched on its loop only.
 */
final class Departures {
    private static final int AT_ONCE = 2;
    private static final long PLACE_MS = 50;

    private final Vertx vertx;
    private final Loop loop;
    /** At most one for each document on each socket. */
    private final ArrayDeque<Consumer<Runnable>> waiting = new ArrayDeque<>();

    private int underWay;

    Departures(Vertx vertx, Loop loop) {
        this.vertx = vertx;
        this.loop = loop;
    }

    /** @param write is called in its turn, and runs what it is given when that is written, or cannot be */
    void depart(Consumer<Runnable> write) {
        waiting.add(write);
        next();
    }

    private void next() {
        while (underWay < AT_ONCE && !waiting.isEmpty()) {
            underWay++;
            Place place = new Place();
            waiting.remove().accept(place::leave);
        }
    }

    private final class Place {
        private final long timer = vertx.setTimer(PLACE_MS, late -> leave());
        private boolean left;

        void leave() {
            if (!left) {
                left = true;
                underWay--;
                vertx.cancelTimer(timer);
                loop.post(Departures.this::next);
            }
        }
    }
}
