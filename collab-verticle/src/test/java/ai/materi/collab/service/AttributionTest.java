package ai.materi.collab.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.log.LogTables;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.AttributedRange;
import ai.materi.proto.collab.v1.Attribution;
import ai.materi.proto.collab.v1.Author;
import ai.materi.proto.collab.v1.AuthorKind;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.EndWritingRequest;
import ai.materi.proto.collab.v1.GetAttributionRequest;
import ai.materi.proto.collab.v1.RestoreVersionRequest;
import ai.materi.proto.collab.v1.WriteTextRequest;
import com.google.protobuf.ByteString;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who wrote which part of the text, told from what real editors, an agent and relays committed, folded or not. */
@Timeout(120)
class AttributionTest {
    private static final String ADA = TestShield.user("ada").toString();
    private static final String BOB = TestShield.user("bob").toString();

    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start("collab.log.compact_rows", "40", "collab.history.ranges", "30");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void tellsApartWhoWroteWhatInOneText() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "one three");
        ada.awaitSaved();
        YjsClient bob = relay.yjs(document, "bob");
        bob.insert(4, "two ");
        bob.delete(0, 1);
        bob.awaitSaved();

        Attribution attribution = attribution(document);

        assertThat(shown(attribution)).containsExactly("content 0-3 ada", "content 3-7 bob", "content 7-12 ada");
        assertThat(attribution.getAuthorsList()).containsExactly(author("ada", 8), author("bob", 4));
        assertThat(attribution.getBlocks(0).getType()).isEqualTo("text");
        assertThat(attribution.getBlocks(0).getRanges(1).getBy().getAt()).isNotEmpty();
    }

    @Test
    void saysTheSameAfterTheLogWasFolded() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        YjsClient bob = relay.yjs(document, "bob");
        for (int i = 0; i < 30; i++) {
            ada.insert(ada.text().length(), "a");
            ada.awaitSaved();
            bob.awaitText(ada.text());
            bob.insert(0, "b");
            bob.awaitSaved();
            ada.awaitText(bob.text());
        }
        Await.until("the log is folded", () -> rows("attribution", document) > 0);

        Attribution attribution = attribution(document);

        assertThat(shown(attribution)).containsExactly("content 0-30 bob", "content 30-60 ada");
    }

    @Test
    void tellsAnAgentFromThePersonWhoAskedIt() {
        UUID document = written("Written by ada.");
        var writing = relay.as(
                "ada",
                service -> service.beginWriting(BeginWritingRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setAgentName("Aria")
                        .setEnd(true)
                        .build()));
        relay.as(
                "ada",
                service -> service.writeText(WriteTextRequest.newBuilder()
                        .setWritingId(writing.getWritingId())
                        .setText("Written by Aria.")
                        .build()));
        relay.as(
                "ada",
                service -> service.endWriting(EndWritingRequest.newBuilder()
                        .setWritingId(writing.getWritingId())
                        .build()));

        Attribution attribution = attribution(document);

        AttributedRange typed = attribution.getBlocks(1).getRanges(0);
        assertThat(typed.getBy().getAuthorId()).isEqualTo(writing.getAgentId());
        assertThat(typed.getBy().getViaId()).isEqualTo(ADA);
        assertThat(attribution.getBlocks(0).getRanges(0).getBy().getViaId()).isEmpty();
        assertThat(attribution.getAuthorsList())
                .extracting(Author::getName, Author::getKind)
                .contains(org.assertj.core.groups.Tuple.tuple("Aria", AuthorKind.AUTHOR_KIND_AGENT));
    }

    @Test
    void givesWhatIsRelayedToWhomeverTheClientIdBelongs() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        Doc offline = new Doc(4711);
        ada.send(Messages.awareness(new FrameWriter(64)
                .varUint(1)
                .varUint(4711)
                .varUint(1)
                .string("{}")
                .toBytes()));
        Await.until("the client id is claimed", () -> rows("client_claims", document) == 1);
        offline.text("content").insert(0, "by ada, brought by bob");

        relay.as(
                "bob",
                service -> service.applyUpdate(ApplyUpdateRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setUpdate(ByteString.copyFrom(offline.encodeState()))
                        .build()));

        var by = attribution(document).getBlocks(0).getRanges(0).getBy();
        assertThat(by.getAuthorId()).isEqualTo(ADA);
        assertThat(by.getViaId()).isEqualTo(BOB);
    }

    @Test
    void namesNobodyWhereNothingIsKnown() {
        UUID document = relay.document();
        Doc imported = new Doc();
        imported.text("content").insert(0, "of old");
        Await.result(database()
                .preparedQuery("insert into collab.documents (id, workspace_id, head_seq, snapshot_seq, snapshot)"
                        + " values ($1, $1, 1, 1, $2)")
                .execute(Tuple.of(document, io.vertx.core.buffer.Buffer.buffer(imported.encodeState()))));

        Attribution attribution = attribution(document);

        assertThat(attribution.getBlocks(0).getRanges(0).hasBy()).isFalse();
        assertThat(attribution.getAuthorsList())
                .containsExactly(Author.newBuilder().setUnits(6).build());
    }

    @Test
    void readsAllOfALongHistory() {
        UUID document = written("By ada.");
        Await.result(database()
                .preparedQuery("insert into collab.attribution"
                        + " (document_id, client_id, from_clock, to_clock, deleted, author_id, committed_at)"
                        + " select $1, 7, g, g + 1, g % 2 = 0, $2, now() from generate_series(1, 100000) g")
                .execute(Tuple.of(document, TestShield.user("bob"))));

        assertThat(attribution(document).getAuthorsList()).contains(author("ada", 7));
        assertThat(recorded(document, true)).isEqualTo(100_000);
        assertThat(recorded(document, false)).isEqualTo(50_000);
    }

    /** Of what has left the log. */
    private static int recorded(UUID document, boolean deletions) {
        return Await.result(new LogTables(relay.test().node().postgres().as("materi_collab_log"))
                        .recorded(document, deletions, 150_000))
                .folded()
                .size();
    }

    @Test
    void givesARestoredTextToWhoRestoredIt() {
        UUID document = written("As agreed.");
        var version = relay.as(
                "ada",
                service -> service.createVersion(CreateVersionRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setName("v1")
                        .build()));
        append("bob", document, "Perhaps.");
        relay.as(
                "bob",
                service -> service.restoreVersion(RestoreVersionRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setVersionId(version.getId())
                        .build()));

        assertThat(attribution(document).getBlocksList())
                .singleElement()
                .satisfies(block ->
                        assertThat(block.getRanges(0).getBy().getAuthorId()).isEqualTo(ADA));
    }

    @Test
    void sendsNothingToWhomHasItAlready() {
        UUID document = written("text");
        String etag = attribution(document).getEtag();

        Attribution again = relay.as(
                "eve",
                service -> service.getAttribution(
                        asked(document).setIfNoneMatch(etag).build()));

        assertThat(again.getNotModified()).isTrue();
        assertThat(again.getBlocksList()).isEmpty();
    }

    @Test
    void refusesMoreRangesThanAnAnswerMayHold() {
        UUID document = written("text");
        for (int i = 0; i < 30; i++) {
            append("ada", document, "more");
        }

        assertThat(refusal("eve", document)).isEqualTo(ProblemCode.TOO_LARGE);
    }

    @Test
    void hidesItFromWhomTheDocumentIsNotFor() {
        assertThat(refusal("mallory", written("secret"))).isEqualTo(ProblemCode.NOT_FOUND);
    }

    private static ProblemCode refusal(String user, UUID document) {
        return ((Problem) relay.refusal(
                        user, service -> service.getAttribution(asked(document).build())))
                .code();
    }

    private static Author author(String name, long units) {
        return Author.newBuilder()
                .setId(TestShield.user(name).toString())
                .setName(name)
                .setKind(AuthorKind.AUTHOR_KIND_PERSON)
                .setUnits(units)
                .build();
    }

    private static List<String> shown(Attribution attribution) {
        return attribution.getBlocksList().stream()
                .flatMap(block -> block.getRangesList().stream()
                        .map(range -> block.getId() + " " + range.getFrom() + "-" + range.getTo() + " "
                                + name(attribution, range)))
                .toList();
    }

    private static String name(Attribution attribution, AttributedRange range) {
        return attribution.getAuthorsList().stream()
                .filter(author -> author.getId().equals(range.getBy().getAuthorId()))
                .map(Author::getName)
                .findFirst()
                .orElseThrow();
    }

    private static Attribution attribution(UUID document) {
        return relay.as("eve", service -> service.getAttribution(asked(document).build()));
    }

    private static GetAttributionRequest.Builder asked(UUID document) {
        return GetAttributionRequest.newBuilder().setDocumentId(document.toString());
    }

    private static UUID written(String markdown) {
        UUID document = relay.document();
        append("ada", document, markdown);
        return document;
    }

    private static void append(String user, UUID document, String markdown) {
        relay.as(
                user,
                service -> service.applyEdits(ApplyEditsRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .addEdits(
                                Edit.newBuilder().setAppend(Append.newBuilder().setContent(markdown)))
                        .build()));
    }

    private static long rows(String table, UUID document) {
        return Await.result(database()
                        .preparedQuery("select count(*) from collab." + table + " where document_id = $1")
                        .execute(Tuple.of(document)))
                .iterator()
                .next()
                .getLong(0);
    }

    private static io.vertx.sqlclient.SqlClient database() {
        return relay.test().node().postgres().as("materi_collab_log").client();
    }
}
