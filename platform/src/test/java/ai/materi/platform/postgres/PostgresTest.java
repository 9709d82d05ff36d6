package ai.materi.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Timeout(120)
class PostgresTest {
    private static final Postgres.Schema WALL = new Postgres.Schema("wall", List.of("materi_wall"));
    private static final UUID ADA = UUID.fromString("00000000-0000-7000-8000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-7000-8000-00000000000b");
    private static final String INSERT = "INSERT INTO wall.notes (owner, text) VALUES ($1, $2)";
    private static final String TEXTS = "SELECT text FROM wall.notes ORDER BY id";

    private static Vertx vertx;

    @TempDir
    Path data;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Postgres> started = new ArrayList<>();
    private String url;

    @BeforeAll
    static void createVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void createDatabase() {
        url = TestServices.freshDatabase();
    }

    @AfterEach
    void dropDatabase() {
        started.forEach(postgres -> Await.result(postgres.close()));
        TestServices.drop(url);
    }

    @Test
    void showsAUserNoRowsOfAnother() {
        Database database = migrated();
        Await.result(database.asUser(ADA, connection -> insert(connection, ADA, "of Ada")));
        Await.result(database.asUser(BOB, connection -> insert(connection, BOB, "of Bob")));

        assertThat(texts(database.asUser(ADA, PostgresTest::select))).containsExactly("of Ada");
        assertThat(texts(database.asUser(BOB, PostgresTest::select))).containsExactly("of Bob");
    }

    @Test
    void showsNoRowsWithoutAUser() {
        Database database = migrated();
        Await.result(database.asUser(ADA, connection -> insert(connection, ADA, "of Ada")));

        assertThat(texts(database.transaction(PostgresTest::select))).isEmpty();
        assertThat(texts(database.client().query(TEXTS).execute())).isEmpty();
    }

    @Test
    void refusesToWriteARowForAnother() {
        Database database = migrated();

        Throwable failure = Await.failure(database.asUser(ADA, connection -> insert(connection, BOB, "forged")));

        assertThat(failure).isInstanceOf(PgException.class).hasMessageContaining("row-level security");
    }

    @Test
    void doesNotLeakTheUserToTheNextTransactionOfTheConnection() {
        Database database = migrated("postgres.pool_size", "1");
        Await.result(database.asUser(ADA, connection -> insert(connection, ADA, "of Ada")));

        assertThat(texts(database.transaction(PostgresTest::select))).isEmpty();
        assertThat(texts(database.asUser(BOB, PostgresTest::select))).isEmpty();
    }

    @Test
    void doesNotLeakTheUserOfATransactionThatFailed() {
        Database database = migrated("postgres.pool_size", "1");
        Await.result(database.asUser(ADA, connection -> insert(connection, ADA, "of Ada")));
        Await.failure(database.asUser(
                ADA, connection -> connection.query("SELECT 1/0").execute()));

        assertThat(texts(database.transaction(PostgresTest::select))).isEmpty();
    }

    @Test
    void leavesAPipelinedConnectionWhoseServerTakesNoWritesAnyMore() {
        Database database = migrated();
        String create = "CREATE TEMPORARY TABLE IF NOT EXISTS notes_of_a_session (text text)";
        Await.result(database.writer()
                .query("SET default_transaction_read_only = on")
                .execute());
        Throwable refusal = Await.failure(database.writer()
                .query("INSERT INTO wall.notes (text) VALUES ('lost')")
                .execute());

        assertThat(((Problem) refusal).code()).isEqualTo(ProblemCode.UNAVAILABLE);
        Await.until(
                "a new connection writes",
                () -> Await.result(
                        database.writer().query(create).execute().map(true).otherwise(false)));
    }

    @Test
    void leavesAConnectionOfThePoolWhoseServerTakesNoWritesAnyMore() {
        Database database = migrated("postgres.pool_size", "1");
        Await.result(database.asUser(
                ADA,
                connection -> connection
                        .query("SET default_transaction_read_only = on")
                        .execute()));
        Throwable refusal = Await.failure(database.asUser(ADA, connection -> insert(connection, ADA, "lost")));

        assertThat(((Problem) refusal).code()).isEqualTo(ProblemCode.UNAVAILABLE);
        Await.until(
                "a new connection writes",
                () -> Await.result(database.asUser(ADA, connection -> insert(connection, ADA, "kept"))
                        .map(true)
                        .otherwise(false)));
    }

    @Test
    void rollsBackWhatTheWorkDidBeforeItFailed() {
        Database database = migrated();
        RuntimeException broken = new IllegalStateException("broken");

        Throwable failure = Await.failure(database.asUser(
                ADA, connection -> insert(connection, ADA, "lost").compose(done -> Future.failedFuture(broken))));

        assertThat(failure).isSameAs(broken);
        assertThat(texts(database.asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void rollsBackWhenTheWorkThrows() {
        Database database = migrated("postgres.pool_size", "1");

        Throwable failure = Await.failure(database.asUser(ADA, connection -> {
            throw new IllegalStateException("thrown");
        }));

        assertThat(failure).hasMessage("thrown");
        assertThat(texts(database.asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void refusesToCallATransactionCommittedWhoseFailureWasPassedOver() {
        Database database = migrated();

        Throwable failure = Await.failure(database.asUser(
                ADA,
                connection -> insert(connection, ADA, "lost")
                        .compose(done -> connection.query("SELECT 1/0").execute())
                        .otherwiseEmpty()));

        assertThat(failure).hasMessageContaining("nothing was committed");
        assertThat(texts(database.asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void runsASingleStatementAsAUserInOneFlight() {
        Database database = migrated();
        Await.result(database.asUser(ADA, INSERT, Tuple.of(ADA, "of Ada")));

        assertThat(texts(database.asUser(ADA, TEXTS, Tuple.tuple()))).containsExactly("of Ada");
        assertThat(texts(database.asUser(BOB, TEXTS, Tuple.tuple()))).isEmpty();
        assertThat(Await.failure(database.asUser(ADA, INSERT, Tuple.of(BOB, "forged"))))
                .isInstanceOf(PgException.class);
        assertThat(texts(database.asUser(ADA, TEXTS, Tuple.tuple()))).containsExactly("of Ada");
    }

    @Test
    void keepsManyTransactionsApart() {
        Database database = migrated("postgres.pool_size", "3");
        List<Future<Integer>> counts = IntStream.range(0, 300)
                .mapToObj(i -> new UUID(7, i % 10))
                .map(user -> database.asUser(
                        user,
                        connection -> insert(connection, user, "x")
                                .compose(done -> connection
                                        .preparedQuery(
                                                "SELECT count(*) FILTER (WHERE owner <> $1)::int AS n FROM wall.notes")
                                        .execute(Tuple.of(user)))
                                .map(rows -> rows.iterator().next().getInteger("n"))))
                .toList();

        assertThat(counts).allSatisfy(count -> assertThat(Await.result(count)).isZero());
    }

    @Test
    void refusesARuntimeRoleThatBypassesRowSecurity() {
        migrated();
        TestServices.administrate(url, "ALTER ROLE materi_wall BYPASSRLS");
        try {
            assertThat(Await.failure(start().migrate(WALL)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the role materi_wall has BYPASSRLS");
        } finally {
            TestServices.administrate(url, "ALTER ROLE materi_wall NOBYPASSRLS");
        }
    }

    @Test
    void refusesARuntimeRoleThatIsSuperuser() {
        migrated();
        TestServices.administrate(url, "ALTER ROLE materi_wall SUPERUSER");
        try {
            assertThat(Await.failure(start().migrate(WALL)))
                    .hasMessageContaining("materi_wall")
                    .hasMessageContaining("is superuser");
        } finally {
            TestServices.administrate(url, "ALTER ROLE materi_wall NOSUPERUSER");
        }
    }

    @Test
    void refusesARuntimeRoleThatOwnsATable() {
        migrated();
        TestServices.administrate(url, "ALTER TABLE wall.notes OWNER TO materi_wall");

        assertThat(Await.failure(start().migrate(WALL))).hasMessageContaining("the role materi_wall owns a table");
    }

    @Test
    void refusesATableWhoseOwnerIsSparedByRowSecurity() {
        Future<Void> migrated = start().migrate(new Postgres.Schema("broken", List.of()));

        assertThat(Await.failure(migrated))
                .hasMessageContaining("the table broken.secrets lacks FORCE ROW LEVEL SECURITY");
    }

    @Test
    void setsADerivedPasswordAgainThatWasChangedByHand() {
        migrated();
        TestServices.execute(url, "ALTER ROLE materi_wall PASSWORD 'by hand'");

        assertThat(texts(migrated().asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void refusesASecondOwnerWhoseRolesBelongToAnotherDatabase() {
        migrated();
        String second = databaseOf("materi_second_owner");
        try {
            assertThat(Await.failure(startAt(second).migrate(WALL)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("DATABASE_URL: the role materi_wall belongs to the Materi in the database "
                            + URI.create(url).getPath().substring(1)
                            + " of the same server, and one server holds one Materi: name another server");
        } finally {
            drop(second, "materi_second_owner");
        }
        assertThat(texts(migrated().asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void namesARoleThatAnotherOwnerLeftBehind() {
        migrated();
        TestServices.administrate(url, "COMMENT ON ROLE materi_wall IS NULL");
        String second = databaseOf("materi_third_owner");
        try {
            assertThat(Await.failure(startAt(second).migrate(WALL)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has a role materi_wall that another owner made; drop that role");
        } finally {
            drop(second, "materi_third_owner");
        }
    }

    @Test
    void migratesAgainAsAnOwnerWhoIsNoSuperuser() {
        TestServices.administrate(url, "DROP ROLE IF EXISTS materi_wall");
        String plain = databaseOf("materi_plain_owner");
        try {
            Await.result(startAt(plain).migrate(WALL));
            TestServices.execute(plain, "COMMENT ON TABLE wall.flyway_schema_history IS 'another version'");
            TestServices.execute(plain, "ALTER ROLE materi_wall PASSWORD 'by hand'");

            Await.result(startAt(plain).migrate(WALL));

            assertThat(texts(started.get(1).as("materi_wall").asUser(ADA, PostgresTest::select)))
                    .isEmpty();
        } finally {
            drop(plain, "materi_plain_owner");
            TestServices.administrate(url, "DROP ROLE materi_wall");
        }
    }

    @Test
    void letsSeveralNodesMigrateAtOnce() {
        List<Future<Void>> migrations =
                IntStream.range(0, 4).mapToObj(i -> start().migrate(WALL)).toList();

        migrations.forEach(Await::result);
        assertThat(texts(started.get(3).as("materi_wall").asUser(ADA, PostgresTest::select)))
                .isEmpty();
    }

    @Test
    void namesTheSchemaWhoseMigrationsAreMissing() {
        assertThat(Await.failure(start().migrate(new Postgres.Schema("nowhere", List.of()))))
                .hasMessage("there are no migrations at classpath:db/nowhere");
    }

    @Test
    void saysOverloadedWhenTheQueueOfThePoolIsFull() {
        Database database = migrated("postgres.pool_size", "1", "postgres.max_waiting", "2");
        texts(database.asUser(ADA, PostgresTest::select));
        Promise<Void> done = Promise.promise();
        List<Future<Void>> asked = IntStream.range(0, 6)
                .mapToObj(i -> database.asUser(ADA, connection -> done.future()))
                .toList();
        Await.until(
                "three are refused", () -> asked.stream().filter(Future::failed).count() == 3);
        done.complete();

        List<Throwable> refusals = asked.stream()
                .map(future -> Await.result(future.<Throwable>transform(
                        answer -> Future.succeededFuture(answer.failed() ? answer.cause() : new Success()))))
                .filter(failure -> !(failure instanceof Success))
                .toList();

        assertThat(refusals).hasSize(3).allSatisfy(failure -> assertCode(failure, ProblemCode.OVERLOADED));
    }

    @Test
    void saysOverloadedWhenNoConnectionBecomesFreeInTime() {
        Database database = migrated("postgres.pool_size", "1", "postgres.acquire_timeout", "3s");
        Promise<Void> taken = Promise.promise();
        Promise<Void> done = Promise.promise();
        Future<Void> first = database.asUser(ADA, connection -> {
            taken.complete();
            return done.future();
        });
        Await.result(taken.future());

        assertCode(Await.failure(database.asUser(ADA, PostgresTest::select)), ProblemCode.OVERLOADED);
        done.complete();
        Await.result(first);
    }

    @Test
    void saysTimedOutWhenAStatementTakesTooLong() {
        Database database = migrated("postgres.statement_timeout", "1s");

        assertCode(Await.failure(database.client().query("SELECT pg_sleep(5)").execute()), ProblemCode.TIMED_OUT);
        assertCode(
                Await.failure(database.asUser(
                        ADA,
                        connection -> connection.query("SELECT pg_sleep(5)").execute())),
                ProblemCode.TIMED_OUT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT absent FROM wall.notes | 42703",
                "SELECT 1 FROM wall.absent | 42P01",
                "SELECT wall.absent() | 42883",
                "SELEC 1 | 42601",
                "LISTEN wall; SELECT 1 | 42601"
            })
    void saysInternalAndLogsTheStateOfAStatementThatIsWrong(String sql, String state) {
        Database database = migrated();

        List<String> logged = errorsOf(() -> {
            assertCode(Await.failure(database.asUser(ADA, sql, Tuple.tuple())), ProblemCode.INTERNAL);
            assertCode(Await.failure(database.client().preparedQuery(sql).execute()), ProblemCode.INTERNAL);
        });

        assertThat(logged)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("A statement of materi_wall is a defect (SQLSTATE " + state + "): "));
    }

    @Test
    void saysInternalAndLogsTheTypesOfAParameterThatIsWrongButNotItsValue() {
        Database database = migrated();
        Tuple wrong = Tuple.of("the secret", "text");

        List<String> logged = errorsOf(() -> {
            assertCode(Await.failure(database.asUser(ADA, INSERT, wrong)), ProblemCode.INTERNAL);
            assertCode(Await.failure(database.client().preparedQuery(INSERT).execute(wrong)), ProblemCode.INTERNAL);
        });

        assertThat(logged)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("class = [java.lang.String]", "expected class = [java.util.UUID]")
                        .doesNotContain("the secret"));
    }

    @Test
    void saysInternalWhenThereAreTooFewParameters() {
        Database database = migrated();

        List<String> logged = errorsOf(
                () -> assertCode(Await.failure(database.asUser(ADA, INSERT, Tuple.of(ADA))), ProblemCode.INTERNAL));

        assertThat(logged).singleElement().asString().contains("number of parameters");
    }

    @Test
    void logsNoErrorWhenTheDataIsToBlame() {
        Database database = migrated();

        List<String> logged = errorsOf(() -> assertThat(Await.failure(database.asUser(
                        ADA, connection -> connection.query("SELECT 1/0").execute())))
                .isInstanceOf(PgException.class));

        assertThat(logged).isEmpty();
    }

    private static List<String> errorsOf(Runnable work) {
        Logger logger = (Logger) LoggerFactory.getLogger(DatabaseFailure.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        work.run();
        logger.detachAppender(lines);
        return lines.list.stream()
                .filter(line -> line.getLevel().equals(Level.ERROR))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void saysUnavailableWhenTheDatabaseIsGoneAndWorksAgainWhenItIsBack() {
        Database database = migrated();
        texts(database.asUser(ADA, PostgresTest::select));
        TestServices.execute(url, "ALTER ROLE materi_wall NOLOGIN");
        TestServices.administrate(
                url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'materi_wall'");
        try {
            Await.failure(database.transaction(PostgresTest::select));
            assertCode(Await.failure(database.transaction(PostgresTest::select)), ProblemCode.UNAVAILABLE);
        } finally {
            TestServices.execute(url, "ALTER ROLE materi_wall LOGIN");
        }

        assertThat(texts(database.asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void saysUnavailableWhenNothingListens() {
        Database database = migrated();
        Database elsewhere = Database.of(
                vertx,
                new io.vertx.pgclient.PgConnectOptions().setHost("127.0.0.1").setPort(1),
                PostgresSettings.of(TestSettings.with(data, Map.of()).section("postgres")),
                meters,
                "nobody");

        assertCode(Await.failure(elsewhere.asUser(ADA, PostgresTest::select)), ProblemCode.UNAVAILABLE);
        assertCode(Await.failure(elsewhere.client().query("SELECT 1").execute()), ProblemCode.UNAVAILABLE);
        Await.result(elsewhere.close());
        assertThat(texts(database.asUser(ADA, PostgresTest::select))).isEmpty();
    }

    @Test
    void namesTheDatabaseThatCannotBeUsedButNotItsPassword() {
        String wrong = url.replace("/materi_test_", "/absent_");

        assertThatThrownBy(() -> Await.result(
                        Postgres.start(vertx, TestSettings.with(data, Map.of()).section("postgres"), wrong, meters)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DATABASE_URL: ")
                .hasMessageContaining("does not exist")
                .hasMessageNotContaining("owner-of-tests");
    }

    @Test
    void refusesAUrlWithoutAPassword() {
        assertThatThrownBy(() -> Owner.of("postgres://owner@host/materi"))
                .hasMessage("DATABASE_URL: has no password; those of the runtime roles are derived from it");
    }

    @Test
    void measuresWhatItAsks() {
        Database database = migrated();
        texts(database.asUser(ADA, PostgresTest::select));

        assertThat(meters.get("materi.database")
                        .tag("role", "materi_wall")
                        .tag("kind", "transaction")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    private static final class Success extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void assertCode(Throwable failure, ProblemCode code) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private Postgres start(String... overrides) {
        Map<String, String> values = new java.util.HashMap<>();
        for (int i = 0; i < overrides.length; i += 2) {
            values.put(overrides[i], overrides[i + 1]);
        }
        Postgres postgres = Await.result(
                Postgres.start(vertx, TestSettings.with(data, values).section("postgres"), url, meters));
        started.add(postgres);
        return postgres;
    }

    private Postgres startAt(String anotherUrl) {
        Postgres postgres = Await.result(
                Postgres.start(vertx, TestSettings.with(data, Map.of()).section("postgres"), anotherUrl, meters));
        started.add(postgres);
        return postgres;
    }

    /** The URL of a new database whose owner may make roles and no more. */
    private String databaseOf(String owner) {
        String database = URI.create(TestServices.freshDatabase()).getPath();
        TestServices.administrate(url, "CREATE ROLE " + owner + " LOGIN CREATEROLE PASSWORD 'of-a-test'");
        TestServices.administrate(url, "ALTER DATABASE " + database.substring(1) + " OWNER TO " + owner);
        URI uri = URI.create(url);
        return "postgres://" + owner + ":of-a-test@" + uri.getHost() + ":" + uri.getPort() + database;
    }

    private void drop(String database, String owner) {
        started.forEach(postgres -> Await.result(postgres.close()));
        started.clear();
        TestServices.administrate(
                url, "DROP DATABASE IF EXISTS " + URI.create(database).getPath().substring(1) + " WITH (FORCE)");
        TestServices.administrate(url, "DROP ROLE " + owner);
    }

    private Database migrated(String... overrides) {
        Postgres postgres = start(overrides);
        Await.result(postgres.migrate(WALL));
        return postgres.as("materi_wall");
    }

    private static Future<RowSet<Row>> select(SqlConnection connection) {
        return connection.preparedQuery(TEXTS).execute();
    }

    private static Future<Void> insert(SqlConnection connection, UUID owner, String text) {
        return connection.preparedQuery(INSERT).execute(Tuple.of(owner, text)).mapEmpty();
    }

    private static List<String> texts(Future<RowSet<Row>> rows) {
        return StreamSupport.stream(Await.result(rows).spliterator(), false)
                .map(row -> row.getString("text"))
                .toList();
    }
}
