package ai.materi.collab.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.Change;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.EndWritingRequest;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.GetStateRequest;
import ai.materi.proto.collab.v1.ListBlocksRequest;
import ai.materi.proto.collab.v1.Quote;
import ai.materi.proto.collab.v1.Replace;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import ai.materi.proto.collab.v1.SubscribeRequest;
import ai.materi.proto.collab.v1.Target;
import ai.materi.proto.collab.v1.WriteReply;
import ai.materi.proto.collab.v1.WriteTextRequest;
import ai.materi.proto.collab.v1.Writing;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CollabContractTest {
    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    // --- reading ---

    @Test
    void readsWhatEditorsWrote() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "written live");
        ada.awaitSaved();

        Content content = read(document);

        assertThat(content.getContent().toStringUtf8()).isEqualTo("written live");
        assertThat(content.getEtag()).isEqualTo("1-1-text");
        assertThat(content.getSequence()).isEqualTo(1);
    }

    @Test
    void sendsNothingToWhomHasItAlready() {
        UUID document = created("# Title");
        String etag = read(document).getEtag();

        Content again = relay.as(
                "eve",
                service -> service.getContent(GetContentRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setFormat(Format.FORMAT_TEXT)
                        .setIfNoneMatch(etag)
                        .build()));

        assertThat(again.getNotModified()).isTrue();
        assertThat(again.getContent()).isEqualTo(ByteString.EMPTY);
    }

    @Test
    void hidesADocumentFromWhomItIsNotFor() {
        UUID document = created("secret");

        assertThat(problem(
                        "mallory",
                        service -> service.getContent(GetContentRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem(
                        "mallory",
                        service -> service.getContent(GetContentRequest.newBuilder()
                                .setDocumentId("no id")
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void givesTheStateAndTheDifferenceToOne() {
        UUID document = created("hello");
        byte[] state = state(document, ByteString.EMPTY);
        Doc copy = Doc.of(state);
        relay.as("ada", service -> service.applyEdits(append(document, "more")));

        byte[] difference =
                state(document, ByteString.copyFrom(copy.stateVector().encode()));
        copy.applyUpdate(difference, null);

        assertThat(copy.encodeState())
                .isEqualTo(Doc.of(state(document, ByteString.EMPTY)).encodeState());
        assertThat(difference.length).isLessThan(state.length + 200);
    }

    @Test
    void writesEveryEditOfALoadedRoomAsOneClient() {
        UUID document = created("hello");
        for (int i = 0; i < 5; i++) {
            relay.as("ada", service -> service.applyEdits(append(document, "more")));
            problem(
                    "ada",
                    service -> service.applyEdits(append(document, "never").toBuilder()
                            .setIfMatch("1-0-markdown")
                            .build()));
        }

        assertThat(Doc.of(state(document, ByteString.EMPTY)).stateVector().clients())
                .hasSize(1);
    }

    @Test
    void listsBlocks() {
        UUID document = created("# One\n\ntwo");

        var blocks = relay.as(
                "eve",
                service -> service.listBlocks(ListBlocksRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .build()));

        assertThat(blocks.getBlocksList()).extracting(block -> block.getText()).containsExactly("One", "two");
    }

    // --- replacing ---

    @Test
    void replacesWhatIsStillAtTheVersionThatWasNamed() {
        UUID document = created("one\n\ntwo");
        YjsClient ada = relay.yjs(document, "ada");
        String etag = markdown(document).getEtag();

        WriteReply reply = relay.as(
                "ada",
                service -> service.replaceContent(
                        replacement(document, "one\n\n2").setIfMatch(etag).build()));

        assertThat(reply.getChanged()).isTrue();
        assertThat(reply.getSequence()).isEqualTo(2);
        assertThat(markdown(document).getContent().toStringUtf8().strip()).isEqualTo("one\n\n2");
        Await.until(
                "editors see it",
                () -> ada.with(doc -> doc.xmlFragment("default").toString()).contains("2"));
    }

    @Test
    void refusesToReplaceWhatHasChanged() {
        UUID document = created("one");
        String etag = markdown(document).getEtag();
        relay.as("bob", service -> service.applyEdits(append(document, "newer")));

        ProblemCode refused = problem(
                "ada",
                service -> service.replaceContent(
                        replacement(document, "older").setIfMatch(etag).build()));

        assertThat(refused).isEqualTo(ProblemCode.ETAG_MISMATCH);
        assertThat(markdown(document).getContent().toStringUtf8()).contains("newer");
    }

    @Test
    void mergesWithWhatOthersWroteSinceTheBase() {
        UUID document = created("first\n\nsecond");
        String base = markdown(document).getEtag();
        relay.as("bob", service -> service.applyEdits(append(document, "third")));

        relay.as(
                "ada",
                service -> service.replaceContent(
                        replacement(document, "FIRST\n\nsecond").setBase(base).build()));

        assertThat(markdown(document).getContent().toStringUtf8().strip()).isEqualTo("FIRST\n\nsecond\n\nthird");
    }

    @Test
    void refusesABaseThatWasNeverServed() {
        UUID document = created("text");

        assertThat(problem(
                        "ada",
                        service -> service.replaceContent(replacement(document, "other")
                                .setBase("1-99-markdown")
                                .build())))
                .isEqualTo(ProblemCode.BASE_UNKNOWN);
    }

    @Test
    void wantsAPrecondition() {
        assertThat(problem(
                        "ada",
                        service -> service.replaceContent(
                                replacement(relay.document(), "text").build())))
                .isEqualTo(ProblemCode.PRECONDITION_REQUIRED);
    }

    @Test
    void fillsOnlyADocumentThatNeverHadContent() {
        UUID document = created("first");

        assertThat(problem(
                        "ada",
                        service -> service.replaceContent(
                                replacement(document, "again").setInitial(true).build())))
                .isEqualTo(ProblemCode.ETAG_MISMATCH);
    }

    @Test
    void letsReadersNotWrite() {
        UUID document = created("text");

        assertThat(problem("eve", service -> service.applyEdits(append(document, "mine"))))
                .isEqualTo(ProblemCode.FORBIDDEN);
    }

    @Test
    void losesNothingWhenManyWriteAtOnce() {
        UUID document = created("start");
        List<Future<?>> writes = new ArrayList<>();

        relay.as("ada", service -> {
            for (int i = 0; i < 30; i++) {
                writes.add(service.applyEdits(append(document, "line " + i)));
            }
            return Future.all(writes);
        });

        String text = markdown(document).getContent().toStringUtf8();
        for (int i = 0; i < 30; i++) {
            assertThat(text).contains("line " + i);
        }
    }

    @Test
    void appliesAllEditsOrNone() {
        UUID document = created("only this");

        ProblemCode refused = problem(
                "ada",
                service -> service.applyEdits(append(document, "added").toBuilder()
                        .addEdits(Edit.newBuilder()
                                .setReplace(Replace.newBuilder()
                                        .setTarget(Target.newBuilder()
                                                .setQuote(Quote.newBuilder().setExact("not there")))
                                        .setContent("x")))
                        .build()));

        assertThat(refused).isEqualTo(ProblemCode.QUOTE_NOT_FOUND);
        assertThat(markdown(document).getContent().toStringUtf8()).doesNotContain("added");
    }

    @Test
    void appliesAnUpdateAndRefusesWhatIsNone() {
        UUID document = relay.document();
        Doc doc = new Doc();
        doc.text("content").insert(0, "from afar");

        WriteReply reply = relay.as("ada", service -> service.applyUpdate(update(document, doc.encodeState())));

        assertThat(reply.getSequence()).isEqualTo(1);
        assertThat(read(document).getContent().toStringUtf8()).isEqualTo("from afar");
        assertThat(problem("ada", service -> service.applyUpdate(update(document, new byte[] {5, 5, 5}))))
                .isEqualTo(ProblemCode.CONTENT_INVALID);
    }

    // --- following ---

    @Test
    void streamsTheLogAndThenWhatHappens() {
        UUID document = created("before");
        List<Change> changes = new CopyOnWriteArrayList<>();
        ReadStream<Change> stream = subscribe(document, 0);
        stream.handler(changes::add);

        for (int i = 0; i < 20; i++) {
            int line = i;
            relay.as("ada", service -> service.applyEdits(append(document, "line " + line)));
        }
        Await.until("all changes are there", () -> changes.size() == 21);

        Doc copy = new Doc();
        changes.forEach(change -> copy.applyUpdate(change.getUpdate().toByteArray(), null));
        assertThat(changes).extracting(Change::getSequence).isSorted().doesNotHaveDuplicates();
        assertThat(copy.encodeState())
                .isEqualTo(Doc.of(state(document, ByteString.EMPTY)).encodeState());
        assertThat(changes.get(5).getUserId()).isEqualTo(TestShield.user("ada").toString());
        stream.handler(null);
    }

    @Test
    void catchesASlowSubscriberUpFromTheLog() {
        UUID document = created("before");
        List<Change> changes = new CopyOnWriteArrayList<>();
        ReadStream<Change> stream = subscribe(document, 1);
        stream.pause();
        stream.handler(changes::add);
        YjsClient ada = relay.yjs(document, "ada");
        for (int i = 0; i < 12; i++) {
            ada.insert(0, "z".repeat(600_000));
        }
        ada.awaitSaved();

        stream.fetch(3);
        Await.until("what was fetched is there", () -> changes.size() == 3);
        stream.resume();

        Await.until("all changes are there", () -> changes.size() == 12);
        assertThat(changes)
                .extracting(Change::getSequence)
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
        stream.handler(null);
    }

    @Test
    void cutsASubscriberWhoMayReadNoMore() {
        UUID document = created("before");
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ReadStream<Change> stream = subscribe(document, 0);
        stream.exceptionHandler(failures::add);
        stream.handler(change -> {});

        relay.shield().forbid(document, "eve");

        Await.until("the stream has failed", () -> failures.size() == 1);
        assertThat(((Problem) failures.get(0)).code()).isEqualTo(ProblemCode.NOT_FOUND);
    }

    // --- agents ---

    @Test
    void typesForAnAgentWithAPresenceOfItsOwn() {
        UUID document = created("Before.");
        RawSocket bob = relay.socket("/yjs/" + document + "?token=" + TestShield.token("bob"));
        bob.await("the server's question", message -> message.getByte(0) == Messages.SYNC);

        Writing writing = begin(document, "Aria");
        for (String chunk : List.of("## Head", "ing\n\nSome *emph", "asis* here")) {
            relay.as(
                    "ada",
                    service -> service.writeText(WriteTextRequest.newBuilder()
                            .setWritingId(writing.getWritingId())
                            .setText(chunk)
                            .build()));
        }
        String presence = bob.await("the agent", message -> message.toString().contains("Aria"))
                .toString();
        WriteReply end = relay.as(
                "ada",
                service -> service.endWriting(EndWritingRequest.newBuilder()
                        .setWritingId(writing.getWritingId())
                        .build()));

        assertThat(presence).contains("\"agent\":true", "\"cursor\"", writing.getAgentId());
        assertThat(markdown(document).getContent().toStringUtf8().strip())
                .isEqualTo("Before.\n\n## Heading\n\nSome *emphasis* here");
        assertThat(end.getSequence()).isEqualTo(markdown(document).getSequence());
        bob.await("the agent leaves", message -> message.toString().endsWith("null"));
    }

    @Test
    void keepsAWritingForItsUserOnly() {
        Writing writing = begin(created("text"), "Aria");

        assertThat(problem(
                        "bob",
                        service -> service.writeText(WriteTextRequest.newBuilder()
                                .setWritingId(writing.getWritingId())
                                .setText("mine")
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void endsAWritingThatNobodyUses() {
        UUID document = created("text");
        try (RelayFixture hasty = relay.sibling("collab.service.writing_lease", "3s")) {
            hasty.share(document);
            Writing writing = hasty.as("ada", service -> service.beginWriting(beginning(document, "Aria")));

            // Asking would prolong it: nothing is asked until the lease is long over.
            Await.result(hasty.test().node().vertx().timer(8_000));

            Problem refusal = (Problem) hasty.refusal(
                    "ada",
                    service -> service.writeText(WriteTextRequest.newBuilder()
                            .setWritingId(writing.getWritingId())
                            .setText("late")
                            .build()));
            assertThat(refusal.code()).isEqualTo(ProblemCode.NOT_FOUND);
        }
        assertThat(markdown(document).getContent().toStringUtf8()).doesNotContain("late");
    }

    // --- words ---

    private static UUID created(String markdown) {
        UUID document = relay.document();
        relay.as(
                "ada",
                service -> service.replaceContent(
                        replacement(document, markdown).setInitial(true).build()));
        return document;
    }

    private static ReplaceContentRequest.Builder replacement(UUID document, String markdown) {
        return ReplaceContentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setFormat(Format.FORMAT_MARKDOWN)
                .setContent(ByteString.copyFromUtf8(markdown));
    }

    private static ApplyEditsRequest append(UUID document, String markdown) {
        return ApplyEditsRequest.newBuilder()
                .setDocumentId(document.toString())
                .addEdits(Edit.newBuilder().setAppend(Append.newBuilder().setContent(markdown)))
                .build();
    }

    private static ApplyUpdateRequest update(UUID document, byte[] update) {
        return ApplyUpdateRequest.newBuilder()
                .setDocumentId(document.toString())
                .setUpdate(ByteString.copyFrom(update))
                .build();
    }

    private static Content read(UUID document) {
        return content(document, Format.FORMAT_TEXT);
    }

    private static Content markdown(UUID document) {
        return content(document, Format.FORMAT_MARKDOWN);
    }

    private static Content content(UUID document, Format format) {
        return relay.as(
                "eve",
                service -> service.getContent(GetContentRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setFormat(format)
                        .build()));
    }

    private static byte[] state(UUID document, ByteString known) {
        return relay.as(
                        "eve",
                        service -> service.getState(GetStateRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setStateVector(known)
                                .build()))
                .getUpdate()
                .toByteArray();
    }

    private static ReadStream<Change> subscribe(UUID document, long after) {
        return relay.as(
                "eve",
                service -> service.subscribe(SubscribeRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setAfterSequence(after)
                        .build()));
    }

    private static Writing begin(UUID document, String agent) {
        return relay.as("ada", service -> service.beginWriting(beginning(document, agent)));
    }

    private static BeginWritingRequest beginning(UUID document, String agent) {
        return BeginWritingRequest.newBuilder()
                .setDocumentId(document.toString())
                .setAgentName(agent)
                .setEnd(true)
                .build();
    }

    private static ProblemCode problem(String user, Function<CollabService, Future<?>> call) {
        return ((Problem) relay.refusal(user, call)).code();
    }
}
