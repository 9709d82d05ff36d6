package ai.materi.collab.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class UpdateLogTest {
    private static final UUID ADA = UUID.randomUUID();

    @TempDir
    Path data;

    private LogFixture fixture;

    @BeforeEach
    void start() {
        fixture = new LogFixture(data);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void numbersTheUpdatesOfADocumentInTheirOrder() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        UUID document = fixture.document();
        RecordingAppender appender = new RecordingAppender();

        for (int i = 0; i < 500; i++) {
            log.append(entry(document, "update " + i, appender));
        }
        Await.result(log.drained());

        assertThat(appender.committed())
                .isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
        LogSlice stored = fixture.everything(document);
        assertThat(stored.gapless(-1)).isTrue();
        assertThat(stored.headSeq()).isEqualTo(500);
        assertThat(stored.rows()).extracting(row -> text(row.update())).startsWith("update 0", "update 1", "update 2");
    }

    @Test
    void givesEachNumberOnceWhenSeveralNodesWriteTheSameDocuments() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<UpdateLog> logs = List.of(
                fixture.log(LogFixture.SETTINGS), fixture.log(LogFixture.SETTINGS), fixture.log(LogFixture.SETTINGS));
        List<UUID> documents = List.of(fixture.document(), fixture.document(), fixture.document(), fixture.document());
        List<List<RecordingAppender>> appenders = new ArrayList<>();
        logs.forEach(log -> appenders.add(
                documents.stream().map(document -> new RecordingAppender()).toList()));

        for (int i = 0; i < 3_000; i++) {
            int node = random.nextInt(logs.size());
            int document = random.nextInt(documents.size());
            logs.get(node)
                    .append(entry(
                            documents.get(document),
                            "update",
                            appenders.get(node).get(document)));
        }
        logs.forEach(log -> Await.result(log.drained()));

        for (int document = 0; document < documents.size(); document++) {
            List<Long> numbers = new ArrayList<>();
            for (List<RecordingAppender> node : appenders) {
                numbers.addAll(node.get(document).committed());
            }
            assertThat(new HashSet<>(numbers)).as("seed %d", seed).hasSameSizeAs(numbers);
            LogSlice stored = fixture.everything(documents.get(document));
            assertThat(stored.gapless(-1)).as("seed %d", seed).isTrue();
            assertThat(stored.headSeq()).as("seed %d", seed).isEqualTo(numbers.size());
        }
    }

    @Test
    void losesOnlyWhatBelongsToADocumentThatIsGone() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        RecordingAppender gone = new RecordingAppender();
        RecordingAppender there = new RecordingAppender();

        log.append(entry(UUID.randomUUID(), "nowhere", gone));
        log.append(entry(fixture.document(), "somewhere", there));
        Await.result(log.drained());

        assertThat(gone.lost()).isEqualTo(1);
        assertThat(there.committed()).containsExactly(1L);
    }

    @Test
    void losesOnlyWhatPostgresRefusesForGood() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        Await.result(fixture.database.client().query("select 1").execute());
        TestServices.execute(
                fixture.url, "alter table collab.updates add constraint no_poison check (bytes <> '\\x62616421')");
        RecordingAppender bad = new RecordingAppender();
        RecordingAppender good = new RecordingAppender();

        log.append(entry(fixture.document(), "bad!", bad));
        log.append(entry(fixture.document(), "fine", good));
        Await.result(log.drained());

        assertThat(bad.lost()).isEqualTo(1);
        assertThat(good.committed()).containsExactly(1L);
    }

    @Test
    void doesNotTryAgainForEverWhatIsADefectOfItsOwn() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        UUID document = fixture.document();
        TestServices.execute(fixture.url, "alter table collab.updates rename column bytes to octets");
        RecordingAppender appender = new RecordingAppender();

        log.append(entry(document, "update", appender));
        Await.result(log.drained());

        assertThat(appender.lost()).isEqualTo(1);
    }

    @Test
    void triesAgainWhatDidNotCommitInTime() {
        LogSettings impatient = new LogSettings(
                1_000,
                10_000_000,
                100,
                1_000_000,
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                100,
                1_000_000);
        UpdateLog log = fixture.log(impatient);
        UUID document = fixture.document();
        RecordingAppender appender = new RecordingAppender();

        Await.result(fixture.database.<Void>transaction(connection -> connection
                .preparedQuery("select 1 from collab.documents where id = $1 for update")
                .execute(Tuple.of(document))
                .compose(locked -> {
                    log.append(entry(document, "patient", appender));
                    return fixture.vertx.timer(700).mapEmpty();
                })));
        Await.until("it is committed", () -> appender.told() == 1);

        assertThat(appender.committed()).hasSize(1);
        assertThat(fixture.everything(document).gapless(-1)).isTrue();
    }

    @Test
    void commitsOtherDocumentsBesideOneThatSomebodyHolds() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        UUID held = fixture.document();
        UUID other = fixture.document();
        RecordingAppender waiting = new RecordingAppender();
        RecordingAppender going = new RecordingAppender();

        Promise<Void> locked = Promise.promise();
        Promise<Void> free = Promise.promise();
        Future<Void> holding = fixture.database.transaction(connection -> connection
                .preparedQuery("select 1 from collab.documents where id = $1 for update")
                .execute(Tuple.of(held))
                .compose(done -> {
                    locked.complete();
                    return free.future();
                }));
        Await.result(locked.future());
        for (int i = 0; i < 50; i++) {
            log.append(entry(held, "held " + i, waiting));
        }
        Await.until("a flush waits for the row", this::somebodyWaitsForALock);
        log.append(entry(held, "held, the last", waiting));
        log.append(entry(other, "other", going));
        Await.until("the other one is committed", () -> going.told() == 1);
        assertThat(waiting.told()).isZero();
        free.complete();
        Await.result(holding);
        Await.result(log.drained());

        assertThat(waiting.committed())
                .isEqualTo(LongStream.rangeClosed(1, 51).boxed().toList());
        assertThat(fixture.everything(held).rows())
                .extracting(row -> text(row.update()))
                .startsWith("held 0", "held 1")
                .endsWith("held 49", "held, the last");
    }

    @Test
    void keepsTheOrderOfEachDocumentWhateverIsUnderWay() {
        LogSettings hasty = new LogSettings(
                10_000,
                10_000_000,
                7,
                1_000_000,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                100,
                1_000_000);
        UpdateLog log = fixture.log(hasty);
        Random random = new Random(4);
        List<UUID> documents = List.of(fixture.document(), fixture.document(), fixture.document(), fixture.document());
        List<Integer> written = new ArrayList<>(List.of(0, 0, 0, 0));
        RecordingAppender appender = new RecordingAppender();

        for (int i = 0; i < 3_000; i++) {
            int document = random.nextInt(4);
            log.append(entry(documents.get(document), "" + written.get(document), appender));
            written.set(document, written.get(document) + 1);
        }
        Await.result(log.drained());

        for (int document = 0; document < 4; document++) {
            assertThat(fixture.everything(documents.get(document)).rows())
                    .extracting(row -> Integer.parseInt(text(row.update())))
                    .isEqualTo(IntStream.range(0, written.get(document)).boxed().toList());
        }
    }

    @Test
    void letsEditsGatherAfterAFlushOfMany() throws InterruptedException {
        LogSettings gathering = new LogSettings(
                1_000,
                10_000_000,
                100,
                1_000_000,
                Duration.ofSeconds(5),
                Duration.ofMillis(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                100,
                1_000_000);
        UpdateLog log = fixture.log(gathering);
        UUID many = fixture.document();
        UUID single = fixture.document();
        RecordingAppender appender = new RecordingAppender();

        for (int i = 0; i < 100; i++) {
            log.append(entry(many, "update " + i, appender));
        }
        Await.until("a flush of many is done", () -> appender.told() >= 32);
        for (int i = 0; i < 10; i++) {
            log.append(entry(single, "update " + i, appender));
            Thread.sleep(1);
        }
        Await.result(log.drained());

        assertThat(transactions(single)).isEqualTo(1);
    }

    @Test
    void refusesWhatDoesNotFitIntoItsQueue() {
        LogSettings small = new LogSettings(
                3,
                100,
                100,
                1_000_000,
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                100,
                1_000_000);
        UpdateLog log = fixture.log(small);

        assertThat(log.accepts(100)).isTrue();
        assertThat(log.accepts(101)).isFalse();
    }

    @Test
    void appendsOnConditionOnlyToTheHeadThatWasNamed() {
        UpdateLog log = fixture.log(LogFixture.SETTINGS);
        UUID document = fixture.document();

        assertThat(Await.result(log.appendIf(document, 0, bytes("first"), ADA, null)))
                .contains(1L);
        assertThat(Await.result(log.appendIf(document, 0, bytes("late"), ADA, null)))
                .isEmpty();
        assertThat(Await.result(log.appendIf(document, 1, bytes("second"), ADA, ADA)))
                .contains(2L);
        assertThat(fixture.everything(document).rows())
                .extracting(row -> text(row.update()))
                .containsExactly("first", "second");
    }

    private long transactions(UUID document) {
        return Await.result(fixture.database
                        .client()
                        .preparedQuery("select count(distinct xmin::text) from collab.updates where document_id = $1")
                        .execute(Tuple.of(document)))
                .iterator()
                .next()
                .getLong(0);
    }

    private boolean somebodyWaitsForALock() {
        return Await.result(fixture.database
                                .client()
                                .query("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                                .execute())
                        .iterator()
                        .next()
                        .getLong(0)
                > 0;
    }

    private static LogEntry entry(UUID document, String update, Appender appender) {
        return new LogEntry(document, bytes(update), ADA, null, appender);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
