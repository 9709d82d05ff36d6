package ai.materi.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final Question HELLO = question("hello", "/hello", 200);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void chargesAStallToEveryRequestThatWasDueInIt() throws TimeoutException {
        int port = serve(request -> {
            if (request.path().equals("/hello")) {
                hold(request, 600);
            }
        });

        // The only connection answers 600 ms after it was asked: the last of ten waits for all others.
        Outcome outcome = load(port, 1, lines -> OpenLoop.run(vertx, lines, HELLO, 10, Window.startingNow(0, 1)));

        assertThat(outcome.requests()).isEqualTo(10);
        assertThat(outcome.latencies().longestMillis()).isGreaterThan(10 * 600 - 1000);
        assertThat(outcome.latencies().millis(0.1)).isLessThan(4000);
    }

    @Test
    void keepsItsRateWhereTheServerKeepsUp() throws TimeoutException {
        int port = serve(LoadTest::hello);

        Outcome outcome = load(port, 8, lines -> OpenLoop.run(vertx, lines, HELLO, 500, Window.startingNow(0.2, 1)));

        assertThat(outcome.requests()).isEqualTo(500);
        assertThat(outcome.errors()).isZero();
    }

    @Test
    void countsAnswersWithAnotherStatusAndConnectionsThatBreakAsErrors() throws TimeoutException {
        int port = serve(request -> {
            if (request.path().equals("/hello")) {
                request.response().setStatusCode(503).end();
            } else {
                request.connection().close();
            }
        });

        Outcome refused = load(port, 1, lines -> OpenLoop.run(vertx, lines, HELLO, 5, Window.startingNow(0, 1)));
        Question cut = question("cut", "/cut", 200);
        Outcome broken = load(port, 1, lines -> OpenLoop.run(vertx, lines, cut, 5, Window.startingNow(0, 1)));

        assertThat(refused.wrong()).containsEntry(503, 5L);
        assertThat(broken.wrong()).containsEntry(Line.BROKEN, 5L);
    }

    @Test
    void countsNothingOfTheWarmUp() throws TimeoutException {
        int port = serve(LoadTest::hello);

        Outcome outcome = load(port, 2, lines -> ClosedLoop.run(lines, HELLO, Window.startingNow(0.2, 0)));

        assertThat(outcome.requests()).isZero();
    }

    @Test
    void letsUsersAskInTurn() throws TimeoutException {
        int port = serve(LoadTest::hello);
        List<Question> questions = List.of(HELLO, question("other", "/other", 200));

        List<Outcome> outcomes = load(port, 4, lines -> Crowd.run(vertx, lines, questions, Window.startingNow(0, 5)));

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.requests()).isPositive());
    }

    private static void hello(HttpServerRequest request) {
        request.response().end("hello");
    }

    private void hold(HttpServerRequest request, long millis) {
        vertx.setTimer(millis, later -> hello(request));
    }

    private static Question question(String name, String path, int status) {
        Buffer request = Buffer.buffer("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n");
        return new Question(name, status, () -> request);
    }

    private int serve(Handler<HttpServerRequest> handler) throws TimeoutException {
        return vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private <T> T load(int port, int connections, Function<Lines, Future<T>> shape) throws TimeoutException {
        Context loop = vertx.getOrCreateContext();
        Promise<T> result = Promise.promise();
        loop.runOnContext(now -> Lines.open(vertx, port, connections)
                .compose(lines -> shape.apply(lines).eventually(lines::close))
                .onComplete(result));
        return result.future().await(30, TimeUnit.SECONDS);
    }
}
