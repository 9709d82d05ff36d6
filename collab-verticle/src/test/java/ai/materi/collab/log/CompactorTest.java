package ai.materi.collab.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.history.HistorySettings;
import ai.materi.collab.history.Sessions;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Workers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CompactorTest {
    private static final UUID ADA = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();

    @TempDir
    Path data;

    private LogFixture fixture;
    private UpdateLog log;

    @BeforeEach
    void start() {
        fixture = new LogFixture(data);
        log = fixture.log(LogFixture.SETTINGS);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void foldsTheLogIntoASnapshotOfTheSameContent() {
        UUID document = fixture.document();
        Doc doc = typed(document, ADA, "hello, world");

        boolean stored = Await.result(compactor().compact(document));

        assertThat(stored).isTrue();
        LogSlice slice = fixture.everything(document);
        assertThat(slice.rows()).isEmpty();
        assertThat(slice.headSeq()).isEqualTo(12);
        assertThat(slice.snapshotSeq()).isEqualTo(12);
        assertThat(content(slice)).isEqualTo(doc.text("content").toString());
    }

    @Test
    void goesOnFromASnapshot() {
        UUID document = fixture.document();
        typed(document, ADA, "abc");
        Await.result(compactor().compact(document));
        Doc more = Doc.of(fixture.everything(document).snapshot());
        log.append(update(more, document, BOB, () -> more.text("content").insert(3, "def")));
        Await.result(log.drained());

        Await.result(compactor().compact(document));

        assertThat(content(fixture.everything(document))).isEqualTo("abcdef");
    }

    @Test
    void keepsWhatTheDocumentPlacedWhereADamagedUpdateOfTheSameClocksCameFirst() {
        UUID document = fixture.document();
        Doc doc = new Doc();
        LogEntry first = update(doc, document, ADA, () -> doc.text("content").insert(0, "ab"));
        LogEntry good = update(doc, document, ADA, () -> doc.text("content").insert(2, "cd"));
        LogEntry beside = update(doc, document, BOB, () -> doc.text("content").insert(4, "ef"));
        List.of(first, behindNobody(good), good, beside).forEach(log::append);
        Await.result(log.drained());

        Await.result(compactor().compact(document));

        assertThat(content(fixture.everything(document))).isEqualTo("abcdef");
    }

    /** The same clocks, but placed after a character of a client that nobody knows. */
    private static LogEntry behindNobody(LogEntry good) {
        byte[] damaged = good.update().clone();
        // count, structs, client, clock, info, then the client of the origin (Yjs update format v1).
        int origin = 2 + varUintLength(damaged, 2) + 1 + 1;
        damaged[origin] ^= 1;
        return new LogEntry(good.documentId(), damaged, good.author(), null, new RecordingAppender());
    }

    private static int varUintLength(byte[] bytes, int at) {
        int length = 1;
        while (bytes[at + length - 1] < 0) {
            length++;
        }
        return length;
    }

    @Test
    void letsOneOfTwoCompactorsWin() {
        UUID document = fixture.document();
        typed(document, ADA, "hello");

        List<Boolean> stored = new ArrayList<>(Await.result(
                        Future.all(compactor().compact(document), compactor().compact(document)))
                .list());

        assertThat(stored).contains(true);
        assertThat(content(fixture.everything(document))).isEqualTo("hello");
        assertThat(attributed(document, false)).isEqualTo(5);
    }

    @Test
    void movesWhoWroteAndDeletedWhatBeforeTheRowsGo() {
        UUID document = fixture.document();
        Doc doc = typed(document, ADA, "hello");
        log.append(update(doc, document, BOB, () -> doc.text("content").delete(1, 3)));
        Await.result(log.drained());

        Await.result(compactor().compact(document));

        assertThat(attributed(document, false)).isEqualTo(5);
        assertThat(attributed(document, true)).isEqualTo(3);
    }

    @Test
    void attributesWhatAClaimedClientWroteToItsOwner() {
        UUID document = fixture.document();
        Doc doc = new Doc();
        Await.result(fixture.tables.claim(List.of(new Claim(document, doc.clientId(), ADA))));
        log.append(update(doc, document, BOB, () -> doc.text("content").insert(0, "relayed")));
        Await.result(log.drained());

        Await.result(compactor().compact(document));

        var row = Await.result(fixture.database
                        .client()
                        .preparedQuery("select author_id, via_id from collab.attribution where document_id = $1")
                        .execute(Tuple.of(document)))
                .iterator()
                .next();
        assertThat(row.getUUID(0)).isEqualTo(ADA);
        assertThat(row.getUUID(1)).isEqualTo(BOB);
    }

    @Test
    void takesNoRowsAwayThatAreNotCountedIntoSessions() {
        UUID document = fixture.document();
        typed(document, ADA, "hello");

        boolean stored =
                Await.result(compactor(uncounted -> Future.succeededFuture()).compact(document));

        assertThat(stored).isFalse();
        assertThat(fixture.everything(document).rows()).hasSize(5);
    }

    private Compactor compactor() {
        Sessions sessions = new Sessions(
                fixture.vertx,
                fixture.database,
                fixture.tables,
                workers(),
                new HistorySettings(1_000, 100, 4, Duration.ofMinutes(15), Duration.ofDays(365)));
        return compactor(sessions::count);
    }

    private Compactor compactor(Function<UUID, Future<Void>> beforeRowsGo) {
        return fixture.onContext(() -> new Compactor(
                fixture.vertx,
                fixture.tables,
                LogFixture.SETTINGS,
                workers(),
                new LogMeters(fixture.meters),
                new LogTails(),
                beforeRowsGo));
    }

    private Workers.Pool workers() {
        return Workers.create(fixture.vertx).pool("test", 2, 100, Duration.ofSeconds(10));
    }

    private Doc typed(UUID document, UUID author, String text) {
        Doc doc = new Doc();
        YText content = doc.text("content");
        for (int i = 0; i < text.length(); i++) {
            int at = i;
            log.append(update(doc, document, author, () -> content.insert(at, text.substring(at, at + 1))));
        }
        Await.result(log.drained());
        return doc;
    }

    private static LogEntry update(Doc doc, UUID document, UUID author, Runnable edit) {
        List<byte[]> updates = new ArrayList<>();
        try (var listening = doc.onUpdate((update, origin, local) -> updates.add(update))) {
            assertThat(listening).isNotNull();
            edit.run();
        }
        return new LogEntry(document, updates.get(0), author, null, new RecordingAppender());
    }

    private static String content(LogSlice slice) {
        return Doc.of(slice.snapshot()).text("content").toString();
    }

    private long attributed(UUID document, boolean deleted) {
        return Await.result(fixture.database
                        .client()
                        .preparedQuery(
                                "select coalesce(sum(to_clock - from_clock), 0)::bigint from collab.attribution where document_id = $1 and deleted = $2")
                        .execute(Tuple.of(document, deleted)))
                .iterator()
                .next()
                .getLong(0);
    }
}
