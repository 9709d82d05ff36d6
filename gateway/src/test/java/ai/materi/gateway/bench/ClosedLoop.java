package ai.materi.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** As many requests as the server takes: each connection asks again as soon as it has been answered. */
final class ClosedLoop {
    private final Question question;
    private final Window window;
    private final Tally tally;
    private final Promise<Outcome> done = Promise.promise();
    private int running;

    private ClosedLoop(Question question, Window window, int connections) {
        this.question = question;
        this.window = window;
        this.tally = new Tally(window, question);
        this.running = connections;
    }

    /** Called on an event loop, which makes all requests. */
    static Future<Outcome> run(Lines lines, Question question, Window window) {
        ClosedLoop load = new ClosedLoop(question, window, lines.all().size());
        lines.all().forEach(load::next);
        return load.done.future();
    }

    private void next(Line line) {
        if (window.isOver()) {
            running--;
            if (running == 0) {
                done.complete(tally.outcome());
            }
            return;
        }
        long asked = System.nanoTime();
        line.ask(question.next().get(), status -> {
            tally.record(asked, status);
            next(line);
        });
    }
}
