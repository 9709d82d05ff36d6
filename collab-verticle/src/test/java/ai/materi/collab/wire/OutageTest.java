package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.room.Ending;
import ai.materi.platform.http.Degradation.Level;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Cable;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.WriteTextRequest;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of editors and callers while PostgreSQL is away, or does not keep up. */
@Timeout(120)
class OutageTest {
    private final Vertx vertx = Vertx.vertx();
    private String database;
    private Cable cable;
    private RelayFixture relay;
    private UUID document;

    @BeforeEach
    void start() {
        database = TestServices.freshDatabase();
        cable = Cable.to(vertx, database);
        relay = RelayFixture.start(
                "postgres.url",
                cable.through(database),
                "collab.log.overdue",
                "300ms",
                "postgres.acquire_timeout",
                "1s");
        document = relay.document();
    }

    @AfterEach
    void stop() {
        relay.close();
        Await.result(vertx.close());
        TestServices.drop(database);
    }

    @Test
    void keepsWhatOpenEditorsTypeInAnEmergencyAndSavesItAfterwards() {
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        HocuspocusClient bob = relay.hocuspocus(document, "bob");
        ada.awaitSaved();
        cable.cut();
        awaitLevel(Level.EMERGENCY);

        ada.insert(0, "typed without a database");
        bob.awaitText("typed without a database");
        assertThat(ada.unsaved()).isPositive();
        cable.mend();

        ada.awaitSaved();
        awaitLevel(Level.NORMAL);
        assertThat(relay.as("bob", service -> service.getContent(content()))
                        .getContent()
                        .toStringUtf8())
                .isEqualTo("typed without a database");
    }

    @Test
    void sendsNewEditorsAwayForAWhileInAnEmergency() {
        cable.cut();
        awaitLevel(Level.EMERGENCY);

        assertThat(relay.socket("/yjs/" + document + "?token=" + TestShield.token("ada"))
                        .awaitClose())
                .isEqualTo(Ending.TRY_LATER.code());
        assertThat(relay.socket("/collab").awaitClose()).isEqualTo(Ending.TRY_LATER.code());
        cable.mend();
    }

    @Test
    void refusesCallersInAnEmergencyAndSaysWhy() {
        cable.cut();
        awaitLevel(Level.EMERGENCY);

        assertRefused(relay.refusal("ada", service -> service.getContent(content())));
        assertRefused(relay.refusal("ada", service -> service.applyEdits(edits())));
        assertRefused(relay.refusal(
                "ada",
                service -> service.writeText(
                        WriteTextRequest.newBuilder().setWritingId("w").build())));
        cable.mend();
    }

    @Test
    void isMinimalWhileCommitsAreOverdueThoughReadsStillWork() throws SQLException {
        UUID other = relay.document();
        relay.as("ada", service -> service.getContent(content(other)));
        HocuspocusClient ada = relay.hocuspocus(document, "ada");
        ada.insert(0, "one");
        ada.awaitSaved();

        try (Connection connection = TestServices.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from collab.documents for update");
            ada.insert(3, " two");
            awaitLevel(Level.MINIMAL);

            assertThat(relay.test().node().degradation().header()).isEqualTo("minimal; reasons=\"update_log\"");
            relay.as("bob", service -> service.getContent(content(other)));
            assertThat(ada.unsaved()).isPositive();
            connection.rollback();
        }

        ada.awaitSaved();
        awaitLevel(Level.NORMAL);
    }

    private void awaitLevel(Level level) {
        Await.until(
                "the level is " + level.word(),
                () -> relay.test().node().degradation().level() == level);
    }

    private static void assertRefused(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE);
            assertThat(problem.members())
                    .containsEntry("degradation", "emergency")
                    .containsEntry("retry_after", 5);
        });
    }

    private GetContentRequest content() {
        return content(document);
    }

    private static GetContentRequest content(UUID document) {
        return GetContentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setFormat(Format.FORMAT_TEXT)
                .build();
    }

    private ApplyEditsRequest edits() {
        return ApplyEditsRequest.newBuilder()
                .setDocumentId(document.toString())
                .addEdits(Edit.getDefaultInstance())
                .build();
    }
}
