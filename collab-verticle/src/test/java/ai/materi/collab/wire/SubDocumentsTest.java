package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.SyncClient;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.collab.v1.Change;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetAttributionRequest;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.ListSessionsRequest;
import ai.materi.proto.collab.v1.SubscribeRequest;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.event.v1.ContentChanged;
import ai.materi.proto.event.v1.DocumentPurged;
import ai.materi.proto.event.v1.Event;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sub-documents of Yjs: rooms, logs and presence of their own; access, limits and the end of the document they are in. */
@Timeout(120)
class SubDocumentsTest {
    private static final int MOST = 4;

    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(
                "collab.room.sub_documents", String.valueOf(MOST),
                "collab.log.compact_rows", "5",
                "collab.announce_interval", "100ms");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void editorsOnBothWiresWriteOneApartFromItsDocument() {
        UUID document = relay.document();
        YjsClient around = relay.yjs(document, "ada");
        YjsClient ada = relay.yjs(document + "/chapter", "ada");
        HocuspocusClient bob = relay.hocuspocus(document + "/chapter", "bob");
        YjsClient other = relay.yjs(document + "/another", "ada");

        around.insert(0, "the book");
        ada.insert(0, "one ");
        bob.insert(0, "two ");

        bob.awaitSaved();
        ada.awaitSaved();
        Await.until(
                "they read the same",
                () -> ada.text().length() == 8 && ada.text().equals(bob.text()));
        other.awaitSaved();
        around.awaitSaved();
        assertThat(other.text()).isEmpty();
        assertThat(around.text()).isEqualTo("the book");
    }

    @Test
    void anotherNodeReadsItFromTheLog() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/kept", "ada");
        ada.insert(0, "committed");
        ada.awaitSaved();

        try (RelayFixture sibling = relay.sibling()) {
            sibling.share(document);

            assertThat(sibling.yjs(document + "/kept", "bob").text()).isEqualTo("committed");
        }
        assertThat(row(document, "kept").getUUID("parent_id")).isEqualTo(document);
    }

    @Test
    void itsLogIsFoldedLikeAnyOther() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/long", "ada");
        for (int i = 0; i < 30; i++) {
            ada.insert(0, "x");
            ada.awaitSaved();
        }

        Await.until("the log is folded", () -> row(document, "long").getLong("snapshot_seq") > 0);

        try (RelayFixture sibling = relay.sibling()) {
            sibling.share(document);
            assertThat(sibling.yjs(document + "/long", "eve").text()).hasSize(30);
        }
    }

    @Test
    void aViewerReadsAlongAndWritesNothing() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/read", "ada");
        HocuspocusClient eve = relay.hocuspocus(document + "/read", "eve");

        eve.insert(0, "evil");
        ada.insert(0, "good");

        Await.until("the edit is refused", () -> eve.refusedEdits() == 1);
        ada.awaitSaved();
        Await.until("the reader has it", () -> eve.text().contains("good"));
        assertThat(eve.scopes()).containsExactly("readonly");
        assertThat(ada.text()).isEqualTo("good");
    }

    @Test
    void aViewerOpensWhatNobodyWroteAndStoresNothing() {
        UUID document = relay.document();
        YjsClient eve = relay.yjs(document + "/empty", "eve");
        eve.insert(0, "not mine to write");
        eve.awaitSaved();
        eve.close();

        assertThat(text("eve", document + "/empty")).isEmpty();
        assertThat(rows(document)).isEmpty();
    }

    @Test
    void aWriterWhoComesAfterAViewerIsStored() {
        UUID document = relay.document();
        YjsClient eve = relay.yjs(document + "/late", "eve");
        SyncClient stream = SyncClient.open(relay, "eve", open(document + "/late"));
        List<Change> changes = new ArrayList<>();
        ReadStream<Change> subscription = relay.as(
                "eve",
                service -> service.subscribe(SubscribeRequest.newBuilder()
                        .setDocumentId(document + "/late")
                        .build()));
        subscription.handler(change -> {
            synchronized (changes) {
                changes.add(change);
            }
        });
        YjsClient ada = relay.yjs(document + "/late", "ada");

        ada.insert(0, "now it is");

        ada.awaitSaved();
        eve.awaitText("now it is");
        stream.awaitText("now it is");
        Await.until("the subscriber is told", () -> {
            synchronized (changes) {
                return changes.stream().anyMatch(change -> change.getSequence() == 1);
            }
        });
        assertThat(row(document, "late").getLong("head_seq")).isEqualTo(1);
    }

    @Test
    void aViewerWhoMayWriteFromNowOnIsStored() {
        UUID document = relay.document();
        HocuspocusClient eve = relay.hocuspocus(document + "/promoted", "eve");

        relay.shield().allow(document, "eve", Role.ROLE_EDITOR);

        Await.until("she is told", () -> eve.scopes().size() == 2);
        eve.insert(0, "I may");
        Await.until("it is committed", () -> row(document, "promoted").getLong("head_seq") == 1);
        assertThat(text("ada", document + "/promoted")).isEqualTo("I may");
    }

    @Test
    void aViewerWhoMayWriteFromNowOnIsCutOffWhereThereIsNoRoom() {
        UUID document = relay.document();
        for (int i = 0; i < MOST; i++) {
            relay.yjs(document + "/" + i, "ada");
        }
        YjsClient eve = relay.yjs(document + "/one-more", "eve");

        relay.shield().allow(document, "eve", Role.ROLE_EDITOR);

        assertThat(eve.awaitClose()).isEqualTo(4413);
        assertThat(rows(document)).hasSize(MOST);
    }

    @Test
    void whoMayNoLongerReadTheDocumentIsCutOffFromAllInIt() {
        UUID document = relay.document();
        YjsClient around = relay.yjs(document, "bob");
        YjsClient yjs = relay.yjs(document + "/a", "bob");
        HocuspocusClient hocuspocus = relay.hocuspocus(document + "/b", "bob");
        SyncClient stream = SyncClient.open(relay, "bob", open(document + "/b"));
        YjsClient ada = relay.yjs(document + "/a", "ada");

        relay.shield().forbid(document, "bob");

        assertThat(around.awaitClose()).isEqualTo(4404);
        assertThat(yjs.awaitClose()).isEqualTo(4404);
        Await.until("it is closed", () -> !hocuspocus.ended().isEmpty());
        assertThat(stream.awaitFailure()).isEqualTo(ProblemCode.NOT_FOUND);
        ada.insert(0, "I am here");
        ada.awaitSaved();
    }

    @Test
    void aWriterWhoBecomesAReaderReadsOn() {
        UUID document = relay.document();
        HocuspocusClient bob = relay.hocuspocus(document + "/a", "bob");

        relay.shield().allow(document, "bob", Role.ROLE_VIEWER);

        Await.until("he is told", () -> bob.scopes().contains("readonly"));
        bob.insert(0, "too late");
        Await.until("the edit is refused", () -> bob.refusedEdits() == 1);
        assertThat(text("ada", document + "/a")).isEmpty();
    }

    @Test
    void aStrangerFindsNothing() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/secret", "ada");
        ada.insert(0, "secret");
        ada.awaitSaved();
        UUID id = name(document, "secret").id();

        assertThat(closed("/yjs/" + document + "/secret?token=mallory.one.600")).isEqualTo(4404);
        assertThat(relay.hocuspocus(document + "/secret", "mallory").denied()).isEqualTo("no such document");
        // Not by the id of its log either, nor below another document.
        assertThat(closed("/yjs/" + id + "?token=" + TestShield.token("ada"))).isEqualTo(4404);
        assertThat(relay.yjs(relay.document() + "/secret", "ada").text()).isEmpty();
        assertThat(problem(relay.refusal(
                        "mallory",
                        service -> service.getContent(GetContentRequest.newBuilder()
                                .setDocumentId(document + "/secret")
                                .build()))))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void aTicketForTheDocumentOpensWhatIsInIt() {
        UUID document = relay.document();
        RawSocket socket = relay.socket("/yjs/" + document + "/chapter?token=ada");

        assertThat(socket.await("the first question", message -> true).getByte(0))
                .isEqualTo((byte) Messages.SYNC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/", "//a", "/a/b", "/a/", "/..", "/.", "/%2e%2e", "/%00", "/a%2Fb", "/%ff", "/a+b", "/a*b", "/a'b",
                "/a;b=c", "/~"
            })
    void aHostileNameOnThePathNamesNothing(String behind) {
        assertThat(closed("/yjs/" + relay.document() + behind + "?token=" + TestShield.token("ada")))
                .isEqualTo(4404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "//a", "/a/b", "/..", "/a b", "/\u0001", "/ä", "/a\nb", "/😀", "/a%2Fb", "\n/a", "/a/"})
    void aHostileNameInAMessageNamesNothing(String behind) {
        HocuspocusClient client = relay.hocuspocus(relay.document() + behind, "ada");

        assertThat(client.denied()).isEqualTo("no such document");
        assertThat(client.socket().closeCode()).isNull();
    }

    @Test
    void aGuidThatIsTooLongNamesNothing() {
        UUID document = relay.document();

        assertThat(closed("/yjs/" + document + "/" + "g".repeat(129) + "?token=" + TestShield.token("ada")))
                .isEqualTo(4404);
        assertThat(relay.hocuspocus(document + "/" + "g".repeat(129), "ada").denied())
                .isEqualTo("no such document");
        YjsClient longest = relay.yjs(document + "/" + "g".repeat(128), "ada");
        longest.insert(0, "just so");
        longest.awaitSaved();
        assertThat(SyncClient.refused(
                        relay,
                        "ada",
                        SyncRequest.newBuilder()
                                .setOpen(open(document + "/a/b"))
                                .build()))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    /** Two providers of one sub-document may share a socket, told apart by their sessions. */
    @Test
    void aSessionBehindTheNameIsNoPartOfIt() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/shared", "ada");
        HocuspocusClient bob = relay.hocuspocus(document + "/shared\0session", "bob");

        ada.insert(0, "seen");

        bob.awaitText("seen");
    }

    @Test
    void aDocumentHasOnlySoMany() {
        UUID document = relay.document();
        double before = met();
        for (int i = 0; i < MOST; i++) {
            YjsClient writer = relay.yjs(document + "/" + i, "ada");
            writer.insert(0, "there");
            writer.awaitSaved();
        }

        assertThat(relay.yjs(document + "/more", "ada").awaitClose()).isEqualTo(4413);
        assertThat(relay.hocuspocus(document + "/more", "ada").denied()).isEqualTo("too many sub-documents");
        assertThat(SyncClient.refused(
                        relay,
                        "ada",
                        SyncRequest.newBuilder()
                                .setOpen(open(document + "/more"))
                                .build()))
                .isEqualTo(ProblemCode.CONFLICT);

        assertThat(met() - before).isGreaterThanOrEqualTo(3);
        assertThat(rows(document)).hasSize(MOST);
        assertThat(relay.yjs(document + "/0", "ada").text()).isEqualTo("there");
        assertThat(relay.yjs(document + "/more", "eve").text()).isEmpty();
        YjsClient around = relay.yjs(document, "ada");
        around.insert(0, "unharmed");
        around.awaitSaved();
    }

    @Test
    void readersHaveNoMoreOpenThanTwiceWhatADocumentMayHave() {
        UUID document = relay.document();
        double before = met();
        List<YjsClient> readers = IntStream.range(0, 2 * MOST)
                .mapToObj(i -> relay.yjs(document + "/" + i, "eve"))
                .toList();

        assertThat(relay.yjs(document + "/more", "eve").awaitClose()).isEqualTo(1013);

        assertThat(met() - before).isPositive();
        assertThat(readers).allMatch(YjsClient::isOpen);
        assertThat(relay.yjs(document + "/0", "bob").isOpen()).isTrue();
        assertThat(relay.yjs(document, "eve").isOpen()).isTrue();
    }

    @Test
    void manyWhoComeAtOnceOpenNoMoreThanTheyMay() {
        UUID document = relay.document();
        try (RelayFixture sibling = relay.sibling("collab.room.sub_documents", String.valueOf(MOST))) {
            sibling.share(document);

            List<RawSocket> sockets = IntStream.range(0, 10 * MOST)
                    .mapToObj(i -> (i % 2 == 0 ? relay : sibling)
                            .socket("/yjs/" + document + "/at-once-" + i + "?token=" + TestShield.token("ada")))
                    .toList();

            Await.until(
                    "everybody is in or refused",
                    () -> sockets.stream()
                            .allMatch(socket -> socket.closeCode() != null
                                    || !socket.received().isEmpty()));
            assertThat(rows(document)).hasSize(MOST);
            assertThat(sockets.stream().filter(socket -> socket.closeCode() == null))
                    .hasSize(MOST);
        }
    }

    @Test
    void whatNobodyWroteInSinceYesterdayGivesWay() {
        UUID document = relay.document();
        for (int i = 0; i < MOST; i++) {
            YjsClient writer = relay.yjs(document + "/" + i, "ada");
            if (i > 0) {
                writer.insert(0, "written");
                writer.awaitSaved();
            }
            writer.close();
        }
        sql("update collab.documents set created_at = now() - interval '2 days' where parent_id = $1", document);

        try (RelayFixture fresh = relay.sibling("collab.room.sub_documents", String.valueOf(MOST))) {
            fresh.share(document);
            YjsClient next = fresh.yjs(document + "/next", "ada");
            next.insert(0, "there is room");
            next.awaitSaved();

            assertThat(fresh.yjs(document + "/0", "ada").awaitClose()).isEqualTo(4413);
        }
        assertThat(rows(document))
                .extracting(row -> row.getString("guid"))
                .containsExactlyInAnyOrder("1", "2", "3", "next");
    }

    @Test
    void whoHasOneOpenWhoseRowGaveWayComesBackToIt() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/forgotten", "ada");
        sql("delete from collab.documents where parent_id = $1", document);

        ada.insert(0, "after all");

        assertThat(ada.awaitClose()).isEqualTo(1013);
        YjsClient again = relay.yjs(document + "/forgotten", "ada");
        again.insert(0, "after all");
        again.awaitSaved();
        assertThat(text("eve", document + "/forgotten")).isEqualTo("after all");
    }

    @Test
    void itGoesWithItsDocumentForGood() {
        UUID document = relay.document();
        UUID other = relay.document();
        for (String name : List.of(document + "/a", document + "/b", document.toString(), other + "/a")) {
            YjsClient ada = relay.yjs(name, "ada");
            ada.insert(0, "content");
            ada.awaitSaved();
            ada.close();
        }

        purged(document);

        Await.until(
                "its log is gone",
                () -> rows(document).isEmpty() && count("select from collab.documents where id = $1", document) == 0);
        assertThat(count(
                        "select from collab.updates where document_id = any ($1)",
                        List.of(
                                document,
                                name(document, "a").id(),
                                name(document, "b").id())))
                .isZero();
        assertThat(rows(other)).hasSize(1);
        assertThat(text("eve", other + "/a")).isEqualTo("content");
    }

    @Test
    void anEventTellsOfItUnderItsDocument() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document + "/told", "ada");
        ada.insert(0, "news");
        ada.awaitSaved();

        Await.until("it is announced", () -> !announced(document).isEmpty());

        assertThat(announced(document)).singleElement().satisfies(told -> {
            assertThat(told.getSubDocument()).isEqualTo("told");
            assertThat(told.getSequence()).isEqualTo(1);
        });
    }

    @Test
    void callsTakeItsNameLikeADocuments() {
        UUID document = relay.document();
        String name = document + "/called";
        SyncClient bob = SyncClient.open(relay, "bob", open(name));
        assertThat(bob.awaitSaved(bob.insert("by a server"))).isTrue();

        assertThat(text("eve", name)).isEqualTo("by a server");
        assertThat(relay.as(
                                "ada",
                                service -> service.createVersion(CreateVersionRequest.newBuilder()
                                        .setDocumentId(name)
                                        .setName("first")
                                        .build()))
                        .getName())
                .isEqualTo("first");
        assertThat(relay.as(
                                "eve",
                                service -> service.getAttribution(GetAttributionRequest.newBuilder()
                                        .setDocumentId(name)
                                        .build()))
                        .getAuthorsList())
                .anyMatch(author -> author.getName().equals("bob"));
        assertThat(relay.as(
                                "eve",
                                service -> service.listSessions(ListSessionsRequest.newBuilder()
                                        .setDocumentId(name)
                                        .build()))
                        .getItemsList())
                .hasSize(1);
    }

    @Test
    void whoIsInADocumentIsNotInWhatIsInIt() {
        UUID document = relay.document();
        RawSocket around = relay.socket("/yjs/" + document + "?token=" + TestShield.token("ada"));
        RawSocket inside = relay.socket("/yjs/" + document + "/a?token=" + TestShield.token("ada"));
        RawSocket beside = relay.socket("/yjs/" + document + "/a?token=" + TestShield.token("bob"));

        inside.send(presence(7));

        assertThat(client(beside.await("presence", SubDocumentsTest::isPresence)))
                .isEqualTo(7);
        around.send(presence(8));
        assertThat(client(around.await("presence", SubDocumentsTest::isPresence)))
                .isEqualTo(8);
    }

    private static SyncOpen open(String name) {
        return SyncOpen.newBuilder().setDocumentId(name).build();
    }

    private static int closed(String path) {
        return relay.socket(path).awaitClose();
    }

    private static ProblemCode problem(Throwable failure) {
        return ((Problem) failure).code();
    }

    private static String text(String user, String name) {
        return relay.as(
                        user,
                        service -> service.getContent(GetContentRequest.newBuilder()
                                .setDocumentId(name)
                                .setFormat(Format.FORMAT_TEXT)
                                .build()))
                .getContent()
                .toStringUtf8();
    }

    private static Buffer presence(int client) {
        FrameWriter update = new FrameWriter(64)
                .varUint(1)
                .varUint(client)
                .varUint(1)
                .string(new JsonObject().put("cursor", 1).encode());
        return new FrameWriter(64)
                .varUint(Messages.AWARENESS)
                .bytes(update.toBuffer().getBytes())
                .toBuffer();
    }

    private static boolean isPresence(Buffer message) {
        return message.getByte(0) == Messages.AWARENESS && client(message) > 0;
    }

    private static long client(Buffer message) {
        FrameReader reader = new FrameReader(message);
        reader.type();
        FrameReader states = new FrameReader(Buffer.buffer(reader.bytes()));
        return states.varUint() == 0 ? 0 : states.varUint();
    }

    private static void purged(UUID document) {
        Await.result(relay.test()
                .node()
                .postgres()
                .as("materi_collab_log")
                .transaction(connection -> relay.test()
                        .node()
                        .outbox()
                        .append(
                                connection,
                                Outbox.Topic.DOCUMENTS,
                                Event.newBuilder()
                                        .setSource("materi/test")
                                        .setType("document.purged")
                                        .setSubject(document.toString())
                                        .setDocumentPurged(DocumentPurged.getDefaultInstance())
                                        .build())));
    }

    private static List<ContentChanged> announced(UUID document) {
        return Await.result(relay.test()
                .node()
                .postgres()
                .as("materi_events")
                .client()
                .preparedQuery("select payload from events.store where subject = $1")
                .execute(Tuple.of(document.toString()))
                .map(rows -> rows.stream().map(SubDocumentsTest::changed).toList()));
    }

    private static ContentChanged changed(Row row) {
        try {
            return Event.parseFrom(row.getBuffer(0).getBytes()).getContentChanged();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static DocumentName name(UUID document, String guid) {
        return Objects.requireNonNull(DocumentName.parse(document + "/" + guid));
    }

    private static Row row(UUID document, String guid) {
        return rows(document).stream()
                .filter(row -> row.getString("guid").equals(guid))
                .findFirst()
                .orElseThrow();
    }

    private static List<Row> rows(UUID document) {
        List<Row> rows = new ArrayList<>();
        sql("select * from collab.documents where parent_id = $1", document).forEach(rows::add);
        return rows;
    }

    private static int count(String sql, Object value) {
        return sql(sql, value instanceof List<?> ids ? ids.toArray(UUID[]::new) : value)
                .size();
    }

    private static RowSet<Row> sql(String sql, Object value) {
        return Await.result(relay.test()
                .node()
                .postgres()
                .as("materi_collab_log")
                .client()
                .preparedQuery(sql)
                .execute(Tuple.of(value)));
    }

    private static double met() {
        return relay.test()
                .node()
                .meters()
                .get("materi.collab.limits")
                .tag("limit", "sub_documents")
                .counter()
                .count();
    }
}
