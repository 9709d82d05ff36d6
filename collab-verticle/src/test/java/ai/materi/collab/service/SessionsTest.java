package ai.materi.collab.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.AuthorKind;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.CompareVersionsRequest;
import ai.materi.proto.collab.v1.Comparison;
import ai.materi.proto.collab.v1.ComparisonForm;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.EndWritingRequest;
import ai.materi.proto.collab.v1.ListSessionsRequest;
import ai.materi.proto.collab.v1.RunChange;
import ai.materi.proto.collab.v1.Session;
import ai.materi.proto.collab.v1.SessionPage;
import ai.materi.proto.collab.v1.WriteTextRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sessions in which editors and an agent wrote, and what they changed, whether the log still has it or not. */
@Timeout(120)
class SessionsTest {
    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start("collab.log.compact_rows", "40");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void countsWhatEachOfThemDid() {
        UUID document = relay.document();
        type("ada", document, "hello");
        YjsClient bob = relay.yjs(document, "bob");
        bob.delete(0, 2);
        bob.awaitSaved();

        List<Session> sessions = all(document);

        assertThat(sessions).hasSize(2);
        Session bobs = of("bob", sessions);
        assertThat(bobs.getDeleted()).isEqualTo(2);
        assertThat(bobs.getUpdates()).isEqualTo(1);
        assertThat(bobs.getAuthor().getKind()).isEqualTo(AuthorKind.AUTHOR_KIND_PERSON);
        Session adas = of("ada", sessions);
        assertThat(adas.getInserted()).isEqualTo(5);
        assertThat(adas.getUpdates()).isEqualTo(5);
        assertThat(adas.getAuthor().getName()).isEqualTo("ada");
        assertThat(adas.hasVia()).isFalse();
        assertThat(adas.getBeganAt()).isLessThanOrEqualTo(adas.getEndedAt());
    }

    @Test
    void countsEachUpdateOnceHoweverOftenItIsAskedAndFolded() {
        UUID document = relay.document();
        List<Future<SessionPage>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            type("ada", document, "a".repeat(50));
            asked.add(relay.calling(
                    "eve", service -> service.listSessions(asked(document).build())));
            asked.add(relay.calling(
                    "bob", service -> service.listSessions(asked(document).build())));
        }
        Await.result(Future.all(asked));
        Await.until("the log is folded", () -> rows("collab.updates", document) < 200);

        Session session = of("ada", all(document));

        assertThat(session.getUpdates()).isEqualTo(200);
        assertThat(session.getInserted()).isEqualTo(200);
    }

    @Test
    void beginsAnotherSessionAfterAPause() {
        UUID document = relay.document();
        type("ada", document, "one");
        all(document);
        database(
                "update collab.sessions set began_at = began_at - interval '2 hours',"
                        + " ended_at = ended_at - interval '2 hours' where document_id = $1",
                document);
        type("ada", document, "more");

        List<Session> sessions = all(document);

        assertThat(sessions).extracting(Session::getUpdates).containsExactly(4L, 3L);
    }

    @Test
    void showsNothingOlderThanIsKept() {
        UUID document = relay.document();
        type("ada", document, "one");
        all(document);
        database(
                "update collab.sessions set began_at = began_at - interval '2 years',"
                        + " ended_at = ended_at - interval '2 years' where document_id = $1",
                document);

        assertThat(all(document)).isEmpty();
    }

    @Test
    void tellsAnAgentAndOnWhoseBehalfItWrote() {
        UUID document = relay.document();
        String writing = relay.as(
                        "ada",
                        service -> service.beginWriting(BeginWritingRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setAgentName("Aria")
                                .build()))
                .getWritingId();
        relay.as(
                "ada",
                service -> service.writeText(WriteTextRequest.newBuilder()
                        .setWritingId(writing)
                        .setText("Some words.")
                        .build()));
        relay.as(
                "ada",
                service -> service.endWriting(
                        EndWritingRequest.newBuilder().setWritingId(writing).build()));

        Session session = all(document).get(0);

        assertThat(session.getAuthor().getName()).isEqualTo("Aria");
        assertThat(session.getAuthor().getKind()).isEqualTo(AuthorKind.AUTHOR_KIND_AGENT);
        assertThat(session.getVia().getName()).isEqualTo("ada");
    }

    @Test
    void listsPageByPageNewestFirst() {
        UUID document = relay.document();
        for (String user : List.of("ada", "bob", "ada")) {
            type(user, document, user);
            all(document);
            database(
                    "update collab.sessions set began_at = began_at - interval '1 hour',"
                            + " ended_at = ended_at - interval '1 hour' where document_id = $1",
                    document);
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            SessionPage page = page(document, 1, cursor);
            page.getItemsList()
                    .forEach(session -> listed.add(session.getAuthor().getName()));
            cursor = page.getNext();
        } while (!cursor.isEmpty());

        assertThat(listed).containsExactly("ada", "bob", "ada");
    }

    @Test
    void comparesAVersionWithWhatStandsNowOnceTheLogIsFolded() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "the quick brown fox");
        ada.awaitSaved();
        String version = relay.as(
                        "ada",
                        service -> service.createVersion(CreateVersionRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setName("v1")
                                .build()))
                .getId();
        YjsClient bob = relay.yjs(document, "bob");
        bob.delete(4, 5);
        bob.insert(4, "slow");
        bob.awaitSaved();
        Comparison unfolded = compared(document, version, ComparisonForm.COMPARISON_FORM_BLOCKS);
        type("ada", document, "!".repeat(60));
        Await.until("the log is folded", () -> rows("collab.updates", document) < 40);

        Comparison folded = compared(document, version, ComparisonForm.COMPARISON_FORM_BLOCKS);

        String bobsId = TestShield.user("bob").toString();
        for (Comparison comparison : List.of(unfolded, folded)) {
            assertThat(comparison.getBlocks(0).getRunsList())
                    .filteredOn(run ->
                            run.getText().equals("quick") || run.getText().equals("slow"))
                    .extracting(run -> run.getChange(), run -> run.getBy().getAuthorId())
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(RunChange.RUN_CHANGE_DELETED, bobsId),
                            org.assertj.core.groups.Tuple.tuple(RunChange.RUN_CHANGE_INSERTED, bobsId));
        }
        assertThat(compared(document, version, ComparisonForm.COMPARISON_FORM_HTML)
                        .getHtml())
                .contains("data-author-name=\"bob\"");
    }

    @Test
    void hidesThemFromWhomTheDocumentIsNotFor() {
        UUID document = relay.document();
        type("ada", document, "secret");

        assertThat(((Problem) relay.refusal(
                                "mallory",
                                service -> service.listSessions(asked(document).build())))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(((Problem) relay.refusal(
                                "mallory",
                                service -> service.compareVersions(CompareVersionsRequest.newBuilder()
                                        .setDocumentId(document.toString())
                                        .setVersionId(UUID.randomUUID().toString())
                                        .build())))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    private static void type(String user, UUID document, String text) {
        YjsClient editor = relay.yjs(document, user);
        text.chars().forEach(letter -> editor.insert(editor.text().length(), Character.toString(letter)));
        editor.awaitSaved();
        editor.close();
    }

    private static Session of(String user, List<Session> sessions) {
        return sessions.stream()
                .filter(session -> session.getAuthor().getName().equals(user))
                .findFirst()
                .orElseThrow();
    }

    private static Comparison compared(UUID document, String version, ComparisonForm form) {
        return relay.as(
                "eve",
                service -> service.compareVersions(CompareVersionsRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setVersionId(version)
                        .setForm(form)
                        .build()));
    }

    private static List<Session> all(UUID document) {
        return page(document, 0, "").getItemsList();
    }

    private static SessionPage page(UUID document, int limit, String cursor) {
        return relay.as(
                "eve",
                service -> service.listSessions(
                        asked(document).setLimit(limit).setCursor(cursor).build()));
    }

    private static ListSessionsRequest.Builder asked(UUID document) {
        return ListSessionsRequest.newBuilder().setDocumentId(document.toString());
    }

    private static void database(String statement, UUID document) {
        Await.result(relay.test()
                .node()
                .postgres()
                .as("materi_collab_log")
                .client()
                .preparedQuery(statement)
                .execute(Tuple.of(document)));
    }

    private static long rows(String table, UUID document) {
        return Await.result(relay.test()
                        .node()
                        .postgres()
                        .as("materi_collab_log")
                        .client()
                        .preparedQuery("select count(*) from " + table + " where document_id = $1")
                        .execute(Tuple.of(document)))
                .iterator()
                .next()
                .getLong(0);
    }
}
