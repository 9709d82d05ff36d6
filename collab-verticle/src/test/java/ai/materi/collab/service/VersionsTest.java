package ai.materi.collab.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.DeleteVersionRequest;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.GetVersionContentRequest;
import ai.materi.proto.collab.v1.GetVersionRequest;
import ai.materi.proto.collab.v1.ListVersionsRequest;
import ai.materi.proto.collab.v1.RenameVersionRequest;
import ai.materi.proto.collab.v1.RestoreReply;
import ai.materi.proto.collab.v1.RestoreVersionRequest;
import ai.materi.proto.collab.v1.Version;
import ai.materi.proto.collab.v1.VersionPage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class VersionsTest {
    private static final String MOST = "5";

    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start("collab.versions.most", MOST, "collab.versions.most_bytes", "64kB");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void keepsWhatWasCommittedWhateverIsWrittenLater() {
        UUID document = written("before");

        Version version = kept(document, "First draft");
        write(document, "after");

        assertThat(version.getName()).isEqualTo("First draft");
        assertThat(version.getSequence()).isEqualTo(1);
        assertThat(version.getCreatedBy()).isEqualTo(TestShield.user("ada").toString());
        assertThat(content(document, version, Format.FORMAT_MARKDOWN)).isEqualTo("before");
        assertThat(get(document, version.getId())).isEqualTo(version);
    }

    @Test
    void readsAVersionInEveryFormat() {
        UUID document = written("# Title");
        Version version = kept(document, "v1");

        assertThat(content(document, version, Format.FORMAT_HTML)).isEqualTo("<h1>Title</h1>");
        assertThat(content(document, version, Format.FORMAT_TEXT).strip()).isEqualTo("Title");
        assertThat(content(document, version, Format.FORMAT_PROSEMIRROR)).startsWith("{\"type\":\"doc\"");
        assertThat(content(document, version, Format.FORMAT_YJS)).isNotEmpty();
    }

    @Test
    void sendsNothingToWhomHasAVersionAlready() {
        UUID document = written("text");
        Version version = kept(document, "v1");
        GetVersionContentRequest request = GetVersionContentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setVersionId(version.getId())
                .build();
        String etag =
                relay.as("eve", service -> service.getVersionContent(request)).getEtag();

        Content again = relay.as(
                "eve",
                service -> service.getVersionContent(
                        request.toBuilder().setIfNoneMatch(etag).build()));

        assertThat(again.getNotModified()).isTrue();
        assertThat(again.getContent().isEmpty()).isTrue();
    }

    @Test
    void listsVersionsPageByPageNewestFirst() {
        UUID document = written("text");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(0, kept(document, "v" + i).getId());
        }

        List<String> listed = new ArrayList<>();
        VersionPage page = page(document, "");
        while (!page.getNext().isEmpty()) {
            page.getItemsList().forEach(version -> listed.add(version.getId()));
            page = page(document, page.getNext());
        }
        page.getItemsList().forEach(version -> listed.add(version.getId()));

        assertThat(listed).isEqualTo(made);
    }

    @Test
    void makesOneVersionOfARequestThatComesTwice() {
        UUID document = written("text");
        CreateVersionRequest request = CreateVersionRequest.newBuilder()
                .setDocumentId(document.toString())
                .setName("once")
                .setVersionId(UUID.randomUUID().toString())
                .build();

        Version first = relay.as("ada", service -> service.createVersion(request));
        write(document, "more");
        Version second = relay.as("ada", service -> service.createVersion(request));

        assertThat(second).isEqualTo(first);
        assertThat(page(document, "").getItemsList()).hasSize(1);
    }

    @Test
    void renamesAndForgets() {
        UUID document = written("text");
        Version version = kept(document, "v1");

        Version renamed = relay.as(
                "bob",
                service -> service.renameVersion(RenameVersionRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setVersionId(version.getId())
                        .setName("  The plan as agreed ")
                        .build()));
        relay.as("bob", service -> service.deleteVersion(deletion(document, version.getId())));

        assertThat(renamed.getName()).isEqualTo("The plan as agreed");
        assertThat(problem("ada", service -> service.getVersion(naming(document, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem("ada", service -> service.deleteVersion(deletion(document, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void refusesOneMoreThanTheDocumentMayKeep() {
        UUID document = written("text");
        for (int i = 0; i < Integer.parseInt(MOST); i++) {
            kept(document, "v" + i);
        }

        assertThat(problem("ada", service -> service.createVersion(creation(document, "too many"))))
                .isEqualTo(ProblemCode.CONFLICT);
        assertThat(page(document, "").getItemsList()).noneMatch(v -> v.getName().equals("too many"));
    }

    @Test
    void keepsToTheBoundWhenManyAskAtOnce() {
        UUID document = written("text");
        List<Future<Version>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CreateVersionRequest request = creation(document, "v" + i);
            asked.add(relay.calling("ada", service -> service.createVersion(request)));
        }

        Await.result(Future.join(asked).otherwiseEmpty());

        assertThat(asked).filteredOn(Future::succeeded).hasSize(Integer.parseInt(MOST));
        assertThat(all(document)).hasSize(Integer.parseInt(MOST));
    }

    @Test
    void refusesMoreBytesThanTheDocumentMayKeep() {
        UUID document = relay.document();
        StringBuilder noise = new StringBuilder();
        new java.util.Random(7).ints(80_000, 'a', 'z' + 1).forEach(c -> noise.append((char) c));
        write(document, noise.toString());

        kept(document, "fits");

        assertThat(problem("ada", service -> service.createVersion(creation(document, "does not"))))
                .isEqualTo(ProblemCode.CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "two\nlines", "a\u0000b", "LONG"})
    void refusesWhatIsNoName(String name) {
        UUID document = written("text");
        String asked = name.equals("LONG") ? "x".repeat(121) : name;

        assertThat(problem("ada", service -> service.createVersion(creation(document, asked))))
                .isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "________________________________"})
    void refusesWhatIsNoCursor(String cursor) {
        UUID document = written("text");

        assertThat(problem(
                        "eve",
                        service -> service.listVersions(ListVersionsRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setCursor(cursor)
                                .build())))
                .isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @Test
    void letsReadersReadAndOnlyWritersChange() {
        UUID document = written("text");
        Version version = kept(document, "v1");

        assertThat(get(document, version.getId())).isEqualTo(version);
        assertThat(problem("eve", service -> service.createVersion(creation(document, "mine"))))
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(problem("eve", service -> service.deleteVersion(deletion(document, version.getId()))))
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(problem("mallory", service -> service.getVersion(naming(document, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void findsAVersionInItsOwnDocumentOnly() {
        UUID document = written("secret");
        Version version = kept(document, "v1");
        UUID other = written("public");

        assertThat(problem("ada", service -> service.getVersion(naming(other, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem(
                        "ada",
                        service -> service.getVersionContent(GetVersionContentRequest.newBuilder()
                                .setDocumentId(other.toString())
                                .setVersionId(version.getId())
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem("ada", service -> service.deleteVersion(deletion(other, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem("ada", service -> service.getVersion(naming(document, "no id"))))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void restoresAVersionForThoseWhoHaveTheDocumentOpen() {
        UUID document = relay.document();
        YjsClient bob = relay.yjs(document, "bob");
        bob.insert(0, "as agreed");
        bob.awaitSaved();
        Version version = kept(document, "v1");
        bob.insert(0, "not ");
        bob.awaitSaved();

        RestoreReply reply = restore(document, version);

        bob.awaitText("as agreed");
        assertThat(reply.getWrite().getChanged()).isTrue();
        assertThat(reply.getWrite().getSequence()).isEqualTo(3);
        assertThat(live(document)).isEqualTo("as agreed");
    }

    @Test
    void keepsWhatStoodBeforeARestore() {
        UUID document = written("one");
        Version version = kept(document, "v1");
        write(document, "two");

        Version before = restore(document, version).getBefore();

        assertThat(before.getName()).isEmpty();
        assertThat(before.getCreatedBy()).isEqualTo(TestShield.user("ada").toString());
        assertThat(content(document, before, Format.FORMAT_MARKDOWN)).isEqualTo("one\n\ntwo");
        assertThat(page(document, "").getItems(0)).isEqualTo(before);
        assertThat(restore(document, before).getWrite().getChanged()).isTrue();
        assertThat(live(document)).isEqualTo("one\n\ntwo");
    }

    @Test
    void writesNothingWhenTheVersionStandsAlready() {
        UUID document = written("one");
        Version version = kept(document, "v1");

        RestoreReply reply = restore(document, version);

        assertThat(reply.getWrite().getChanged()).isFalse();
        assertThat(reply.getWrite().getSequence()).isEqualTo(1);
        assertThat(reply.hasBefore()).isFalse();
    }

    @Test
    void letsVersionsWithoutANameGiveWay() {
        UUID document = written("one");
        Version version = kept(document, "v1");
        for (int i = 0; i < 8; i++) {
            write(document, "more");
            restore(document, version);
        }

        List<Version> versions = all(document);

        assertThat(versions).hasSize(Integer.parseInt(MOST)).contains(version);
        assertThat(versions).filteredOn(kept -> kept.getName().isEmpty()).hasSize(Integer.parseInt(MOST) - 1);
    }

    @Test
    void refusesARestoreBeforeWhichNothingCanBeKept() {
        UUID document = written("one");
        Version version = kept(document, "v0");
        for (int i = 1; i < Integer.parseInt(MOST); i++) {
            kept(document, "v" + i);
        }
        write(document, "two");

        assertThat(problem("ada", service -> service.restoreVersion(restoration(document, version.getId()))))
                .isEqualTo(ProblemCode.CONFLICT);
        assertThat(live(document)).isEqualTo("one\n\ntwo");
    }

    @Test
    void restoresOnlyForWriters() {
        UUID document = written("one");
        Version version = kept(document, "v1");
        UUID other = written("other");

        assertThat(problem("eve", service -> service.restoreVersion(restoration(document, version.getId()))))
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(problem("mallory", service -> service.restoreVersion(restoration(document, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem("ada", service -> service.restoreVersion(restoration(other, version.getId()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(live(other)).isEqualTo("other");
    }

    @Test
    void keepsTypingThatGoesOnDuringARestore() {
        UUID document = relay.document();
        YjsClient bob = relay.yjs(document, "bob");
        Version version = keptAs(document, bob, "agreed");
        keptAs(document, bob, "something else");

        Future<RestoreReply> restored =
                relay.calling("ada", service -> service.restoreVersion(restoration(document, version.getId())));
        while (!restored.isComplete()) {
            type(bob, "!");
            bob.awaitSaved();
        }
        type(bob, " and typed");
        bob.awaitSaved();

        assertThat(Await.result(restored).getWrite().getChanged()).isTrue();
        Await.until("the restore has arrived", () -> bob.text().contains("agreed"));
        assertThat(live(document)).isEqualTo(bob.text()).contains(" and typed").doesNotContain("something");
    }

    private static void type(YjsClient editor, String text) {
        editor.with(doc -> {
            doc.text("content").insert(doc.text("content").length(), text);
            return null;
        });
    }

    @Test
    void leavesOneOfTwoVersionsThatTwoNodesRestoreAtOnce() {
        try (RelayFixture there = relay.sibling()) {
            UUID document = relay.document();
            there.share(document);
            YjsClient bob = relay.yjs(document, "bob");
            Version alpha = keptAs(document, bob, "alpha");
            Version beta = keptAs(document, bob, "beta");
            keptAs(document, bob, "gamma");
            assertThat(live(there, document)).isEqualTo("gamma");

            Await.result(Future.all(
                    relay.calling("ada", service -> service.restoreVersion(restoration(document, alpha.getId()))),
                    there.calling("bob", service -> service.restoreVersion(restoration(document, beta.getId())))));

            Await.until("both nodes show one text", () -> live(relay, document).equals(live(there, document)));
            assertThat(live(there, document)).isIn("alpha", "beta");
        }
    }

    private static Version keptAs(UUID document, YjsClient editor, String text) {
        editor.delete(0, editor.text().length());
        editor.insert(0, text);
        editor.awaitSaved();
        return kept(document, text);
    }

    private static RestoreReply restore(UUID document, Version version) {
        return relay.as("ada", service -> service.restoreVersion(restoration(document, version.getId())));
    }

    private static RestoreVersionRequest restoration(UUID document, String version) {
        return RestoreVersionRequest.newBuilder()
                .setDocumentId(document.toString())
                .setVersionId(version)
                .build();
    }

    private static String live(UUID document) {
        return live(relay, document);
    }

    private static String live(RelayFixture node, UUID document) {
        return node.as(
                        "eve",
                        service -> service.getContent(GetContentRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build()))
                .getContent()
                .toStringUtf8()
                .strip();
    }

    private static List<Version> all(UUID document) {
        return relay.as(
                        "eve",
                        service -> service.listVersions(ListVersionsRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build()))
                .getItemsList();
    }

    private static UUID written(String markdown) {
        UUID document = relay.document();
        write(document, markdown);
        return document;
    }

    private static void write(UUID document, String markdown) {
        relay.as(
                "ada",
                service -> service.applyEdits(ApplyEditsRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .addEdits(
                                Edit.newBuilder().setAppend(Append.newBuilder().setContent(markdown)))
                        .build()));
    }

    private static Version kept(UUID document, String name) {
        return relay.as("ada", service -> service.createVersion(creation(document, name)));
    }

    private static CreateVersionRequest creation(UUID document, String name) {
        return CreateVersionRequest.newBuilder()
                .setDocumentId(document.toString())
                .setName(name)
                .build();
    }

    private static GetVersionRequest naming(UUID document, String version) {
        return GetVersionRequest.newBuilder()
                .setDocumentId(document.toString())
                .setVersionId(version)
                .build();
    }

    private static DeleteVersionRequest deletion(UUID document, String version) {
        return DeleteVersionRequest.newBuilder()
                .setDocumentId(document.toString())
                .setVersionId(version)
                .build();
    }

    private static Version get(UUID document, String version) {
        return relay.as("eve", service -> service.getVersion(naming(document, version)));
    }

    private static VersionPage page(UUID document, String cursor) {
        return relay.as(
                "eve",
                service -> service.listVersions(ListVersionsRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setLimit(2)
                        .setCursor(cursor)
                        .build()));
    }

    private static String content(UUID document, Version version, Format format) {
        return relay.as(
                        "eve",
                        service -> service.getVersionContent(GetVersionContentRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setVersionId(version.getId())
                                .setFormat(format)
                                .build()))
                .getContent()
                .toStringUtf8()
                .strip();
    }

    private static ProblemCode problem(String user, Function<CollabService, Future<?>> call) {
        return ((Problem) relay.refusal(user, call)).code();
    }
}
