package ai.materi.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConvoyTest {
    private static final String DIVIDE =
            "select 840 / n as quotient from unnest($1::int[]) with ordinality as t (n, place) order by place";

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final String url = TestServices.freshDatabase();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private Postgres postgres;
    private Convoy<Integer, Integer> convoy;

    @BeforeEach
    void connect() {
        postgres = Await.result(Postgres.start(
                vertx, TestSettings.with(data, Map.of()).section("postgres"), url, new SimpleMeterRegistry()));
        Await.result(postgres.migrate(new Postgres.Schema("wall", List.of("materi_wall"))));
        convoy = Convoy.ofWrites(this::divide);
    }

    @AfterEach
    void disconnect() {
        Await.result(postgres.close());
        Await.result(vertx.close());
        TestServices.drop(url);
    }

    private Future<List<Integer>> divide(List<Integer> numbers) {
        sizes.add(numbers.size());
        return postgres.as("materi_wall")
                .writer()
                .preparedQuery(DIVIDE)
                .execute(Tuple.of(numbers.toArray(Integer[]::new)))
                .map(rows -> rows.stream().map(row -> row.getInteger(0)).toList());
    }

    /** Asks all at once on one event loop, and waits until all are answered. */
    private List<Future<Integer>> ask(List<Integer> numbers) {
        Promise<List<Future<Integer>>> asked = Promise.promise();
        vertx.runOnContext(
                start -> asked.complete(numbers.stream().map(convoy::ask).toList()));
        List<Future<Integer>> answers = Await.result(asked.future());
        Await.result(Future.join(answers).transform(done -> Future.succeededFuture()));
        return answers;
    }

    @Test
    void carriesWhatWaitsInBatchesAndAnswersEachAtItsPlace() {
        List<Integer> numbers = IntStream.rangeClosed(1, 150).boxed().toList();

        List<Future<Integer>> answers = ask(numbers);

        assertThat(answers.stream().map(Future::result).toList())
                .isEqualTo(numbers.stream().map(number -> 840 / number).toList());
        assertThat(sizes).containsExactly(1, 64, 64, 21);
    }

    @Test
    void failsNobodyForTheFaultOfAnother() {
        List<Future<Integer>> answers = ask(List.of(1, 2, 0, 4, 0, 6));

        assertThat(answers.stream().map(Future::result).toList()).containsExactly(840, 420, null, 210, null, 140);
        assertThat(answers.get(2).cause()).isInstanceOf(PgException.class).hasMessageContaining("division by zero");
        assertThat(sizes).containsExactly(1, 5, 1, 1, 1, 1, 1);
    }

    @Test
    void goesOnAfterAFailure() {
        ask(List.of(0));

        assertThat(ask(List.of(7)).get(0).result()).isEqualTo(120);
    }

    @Test
    void goesOnAfterAStatementThatCannotEvenBeSent() {
        convoy = Convoy.ofWrites(batch -> {
            if (batch.contains(0)) {
                throw new IllegalArgumentException("unspeakable");
            }
            return divide(batch);
        });
        ask(List.of(0));

        assertThat(ask(List.of(7)).get(0).result()).isEqualTo(120);
    }

    @Test
    void repeatsNothingThatMayHaveBeenCommitted() {
        List<Integer> attempts = new ArrayList<>();
        convoy = Convoy.ofWrites(batch -> {
            attempts.add(batch.size());
            return Future.failedFuture(Problem.of(ProblemCode.UNAVAILABLE, "Away."));
        });

        List<Future<Integer>> answers = ask(List.of(1, 2, 3));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.cause())
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE)));
        assertThat(attempts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
    }
}
