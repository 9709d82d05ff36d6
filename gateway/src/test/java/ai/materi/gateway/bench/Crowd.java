package ai.materi.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Users who ask their questions in turn and pause after each answer. Half of them come in the first second, the others one
 * after the other until the end.
 */
final class Crowd {
    private static final long PAUSE_MILLIS = 500;

    private final Vertx vertx;
    private final List<Question> questions;
    private final Window window;
    private final List<Tally> tallies = new ArrayList<>();
    private final Promise<List<Outcome>> done = Promise.promise();
    private int present;

    private Crowd(Vertx vertx, List<Question> questions, Window window, int users) {
        this.vertx = vertx;
        this.questions = questions;
        this.window = window;
        this.present = users;
        questions.forEach(question -> tallies.add(new Tally(window, question)));
    }

    /** One user a connection; called on an event loop, which makes all requests. Answers an outcome a question. */
    static Future<List<Outcome>> run(Vertx vertx, Lines lines, List<Question> questions, Window window) {
        int users = lines.all().size();
        Crowd crowd = new Crowd(vertx, questions, window, users);
        for (int i = 0; i < users; i++) {
            Line line = lines.all().get(i);
            vertx.setTimer(crowd.arrivalMillis(i, users), came -> crowd.next(line, 0));
        }
        return crowd.done.future();
    }

    private long arrivalMillis(int user, int users) {
        int first = users / 2;
        long whole = TimeUnit.NANOSECONDS.toMillis(window.to() - window.begin());
        long ramp = Math.max(1000, whole - 1000);
        return 1 + (user < first ? 1000L * user / first : 1000 + (ramp - 1000) * (user - first) / (users - first));
    }

    private void next(Line line, int turn) {
        if (window.isOver()) {
            present--;
            if (present == 0) {
                done.complete(tallies.stream().map(Tally::outcome).toList());
            }
            return;
        }
        int which = turn % questions.size();
        long asked = System.nanoTime();
        line.ask(questions.get(which).next().get(), status -> {
            tallies.get(which).record(asked, status);
            vertx.setTimer(PAUSE_MILLIS, paused -> next(line, turn + 1));
        });
    }
}
