package ai.materi.gateway.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a constant rate, whether the server keeps up or not. The time of each runs from the moment at which it was due,
 * so that the requests that a stall holds back are counted with it (no coordinated omission: Gil Tene, "How NOT to Measure
 * Latency"). Requests that find no free connection wait in a bounded queue.
 */
final class OpenLoop {
    private static final int MAX_WAITING = 20_000;

    private final Context loop;
    private final Question question;
    private final Window window;
    private final Tally tally;
    private final int rate;
    private final long all;
    private final ArrayDeque<Line> free;
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final Promise<Outcome> done = Promise.promise();
    private long finished;

    private OpenLoop(Context loop, Lines lines, Question question, int rate, Window window) {
        this.loop = loop;
        this.question = question;
        this.rate = rate;
        this.window = window;
        this.tally = new Tally(window, question);
        this.all = Math.max(1, (window.to() - window.begin()) * rate / TimeUnit.SECONDS.toNanos(1));
        this.free = new ArrayDeque<>(lines.all());
    }

    /** Called on an event loop, which makes all requests; a thread beside it only keeps the time. */
    static Future<Outcome> run(Vertx vertx, Lines lines, Question question, int rate, Window window) {
        OpenLoop load = new OpenLoop(vertx.getOrCreateContext(), lines, question, rate, window);
        Thread clock = new Thread(load::keepTime, "clock");
        clock.setDaemon(true);
        clock.start();
        return load.done.future();
    }

    private void keepTime() {
        for (long i = 0; i < all; i++) {
            long due = window.begin() + i * TimeUnit.SECONDS.toNanos(1) / rate;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            loop.runOnContext(now -> due(due));
        }
    }

    private void due(long due) {
        Line line = free.poll();
        if (line != null) {
            ask(line, due);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(due);
        } else {
            finished(due, Line.BROKEN);
        }
    }

    private void ask(Line line, long due) {
        line.ask(question.next().get(), status -> {
            finished(due, status);
            Long next = waiting.poll();
            if (next == null) {
                free.push(line);
            } else {
                ask(line, next);
            }
        });
    }

    private void finished(long due, int status) {
        tally.record(due, status);
        finished++;
        if (finished == all) {
            done.complete(tally.outcome());
        }
    }
}
