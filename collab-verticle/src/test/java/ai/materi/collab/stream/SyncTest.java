package ai.materi.collab.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.SyncClient;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.crdt.Updates;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.SetPresenceRequest;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.collab.v1.SyncUpdate;
import ai.materi.proto.collab.v1.UpdateEncoding;
import ai.materi.proto.collab.v1.WriteReply;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A document that is open by {@code CollabService.Sync}: both ways beside editors at sockets, acknowledged after the commit,
 * resumed from a sequence number, spoken for by calls beside it, and ended with a reason.
 */
@Timeout(120)
class SyncTest {
    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start("collab.stream.send_bytes", "1MiB", "collab.stream.update_bytes", "2MiB");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void writesBothWaysBesideAnEditorAtASocket() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "socket");
        ada.awaitSaved();
        SyncClient bob = SyncClient.open(relay, "bob", document);
        assertThat(bob.text()).isEqualTo("socket");

        long edit = bob.insert("stream ");
        ada.awaitText("stream socket");
        ada.insert(0, "a ");

        bob.awaitText("a stream socket");
        assertThat(bob.awaitSaved(edit)).isTrue();
        bob.await(reply -> reply.hasCommitted() && reply.getCommitted() == 3);
        assertThat(bob.replies()).filteredOn(SyncReply::hasUpdate).hasSize(1);
        bob.hangUp();
        bob.awaitEnd();
    }

    @Test
    void showsWhoIsThereAndLetsNobodyPretend() {
        UUID document = relay.document();
        RawSocket ada = relay.socket("/yjs/" + document + "?token=" + TestShield.token("ada"));
        SyncClient bob = SyncClient.open(relay, "bob", document);

        bob.say(SyncRequest.newBuilder()
                .setPresence(ByteString.copyFrom(awareness("{\"at\":1,\"user\":{\"name\":\"root\"}}")))
                .build());

        String seen = ada.await("bob", message -> message.toString().contains("\"at\":1"))
                .toString();
        assertThat(seen).contains("\"name\":\"bob\"").doesNotContain("root");
        bob.close();
        ada.await("his leaving", message -> message.toString().contains("null"));
    }

    @Test
    void comesBackWithASequenceNumberToOnlyWhatCameAfter() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "one");
        ada.awaitSaved();
        SyncClient first = SyncClient.open(relay, "bob", document);
        long committed = first.await(SyncReply::hasCommitted).getCommitted();
        first.close();
        ada.insert(0, "two ");
        ada.insert(0, "three ");
        ada.awaitSaved();

        SyncClient again = SyncClient.open(
                relay,
                "bob",
                SyncOpen.newBuilder()
                        .setDocumentId(document.toString())
                        .setAfterSequence(committed)
                        .build());

        List<byte[]> missing = again.replies().stream()
                .filter(SyncReply::hasMissing)
                .map(reply -> reply.getMissing().toByteArray())
                .toList();
        assertThat(missing).hasSize(2);
        assertThat(Updates.merge(missing).length).isLessThan(60);
        again.await(reply -> reply.hasCommitted() && reply.getCommitted() == 3);
        again.close();

        SyncClient fromAfar = SyncClient.open(
                relay,
                "bob",
                SyncOpen.newBuilder()
                        .setDocumentId(document.toString())
                        .setAfterSequence(4711)
                        .build());
        assertThat(fromAfar.text()).isEqualTo("three two one");
        fromAfar.close();
    }

    @Test
    void refusesWhatAReaderWritesUntilTheyMay() {
        UUID document = relay.document();
        SyncClient eve = SyncClient.open(relay, "eve", document);
        assertThat(eve.opened().getOpened().getReadOnly()).isTrue();
        assertThat(eve.awaitSaved(eve.insert("mine"))).isFalse();

        relay.shield().allow(document, "eve", Role.ROLE_EDITOR);

        eve.await(reply -> reply.hasReadOnly() && !reply.getReadOnly());
        eve.await(SyncReply::hasStateVector);
        assertThat(eve.awaitSaved(eve.sendUpdate(eve.edit("now ")))).isTrue();
        relay.shield().allow(document, "eve", Role.ROLE_VIEWER);
        eve.await(reply -> reply.hasReadOnly() && reply.getReadOnly());
        eve.close();
    }

    @Test
    void endsWithTheReason() {
        UUID document = relay.document();
        SyncClient eve = SyncClient.open(relay, "eve", document);
        SyncClient bob = SyncClient.open(relay, "bob", document);
        SyncClient ada = SyncClient.open(relay, "ada", document);

        relay.shield().forbid(document, "eve");
        bob.sendUpdate(new byte[] {1, 1, 1});
        ada.sendUpdate(new byte[2_200_000]);

        assertThat(eve.awaitFailure()).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(bob.awaitFailure()).isEqualTo(ProblemCode.CONTENT_INVALID);
        assertThat(ada.awaitFailure()).isEqualTo(ProblemCode.TOO_LARGE);
        SyncClient confused = SyncClient.open(relay, "ada", document);
        confused.say(SyncRequest.getDefaultInstance());
        assertThat(confused.awaitFailure()).isEqualTo(ProblemCode.INVALID_REQUEST);
    }

    @Test
    void refusesStrangersAndWhoeverDoesNotSayWhatToOpen() {
        UUID document = relay.document();

        assertThat(SyncClient.refused(relay, "mallory", opening(document.toString())))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(SyncClient.refused(relay, "ada", opening("no id"))).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(SyncClient.refused(
                        relay,
                        "ada",
                        SyncRequest.newBuilder()
                                .setUpdate(SyncUpdate.newBuilder())
                                .build()))
                .isEqualTo(ProblemCode.INVALID_REQUEST);
    }

    @Test
    void cutsOffWhoReadsTooSlowlyAndNobodyElse() {
        UUID document = relay.document();
        SyncClient slow = SyncClient.open(relay, "bob", document);
        SyncClient quick = SyncClient.open(relay, "bob", document);
        YjsClient ada = relay.yjs(document, "ada");
        slow.stopReading();

        for (int i = 0; i < 12; i++) {
            ada.insert(0, "z".repeat(200_000));
        }
        ada.awaitSaved();

        assertThat(slow.awaitFailure()).isEqualTo(ProblemCode.UNAVAILABLE);
        Await.until("all of it", () -> quick.text().length() == 2_400_000);
        assertThat(quick.isOpen()).isTrue();
        quick.close();
    }

    @Test
    void takesAnEditBesideTheStreamAndDoesNotEchoIt() {
        UUID document = relay.document();
        SyncClient bob = SyncClient.open(relay, "bob", document);
        SyncClient other = SyncClient.open(relay, "bob", document);

        WriteReply first = aside("bob", document, bob.id(), bob.edit("beside "));
        WriteReply second = relay.as(
                "bob",
                service -> service.applyUpdate(ApplyUpdateRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setStreamId(bob.id())
                        .setEncoding(UpdateEncoding.UPDATE_ENCODING_V2)
                        .setUpdate(ByteString.copyFrom(Updates.toV2(bob.edit("again "))))
                        .build()));

        assertThat(first.getSequence()).isEqualTo(1);
        assertThat(second.getSequence()).isEqualTo(2);
        other.awaitText("again beside ");
        bob.await(reply -> reply.hasCommitted() && reply.getCommitted() == 2);
        assertThat(bob.replies()).noneMatch(SyncReply::hasUpdate);
        bob.close();
        other.close();
    }

    @Test
    void refusesWhatIsSaidBesideAStreamOfSomebodyElse() {
        UUID document = relay.document();
        UUID another = relay.document();
        SyncClient bob = SyncClient.open(relay, "bob", document);
        byte[] edit = bob.edit("mine");

        assertThat(asideProblem("ada", document, bob.id(), edit)).isEqualTo(ProblemCode.CONFLICT);
        assertThat(asideProblem("bob", another, bob.id(), edit)).isEqualTo(ProblemCode.CONFLICT);
        assertThat(asideProblem("bob", document, "nobody.4711", edit)).isEqualTo(ProblemCode.CONFLICT);
        assertThat(asideProblem("bob", document, "x", edit)).isEqualTo(ProblemCode.CONFLICT);
        assertThat(asideProblem("eve", document, bob.id(), edit)).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(asideProblem("mallory", document, bob.id(), edit)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(asideProblem("bob", document, bob.id(), new byte[] {1, 1, 1}))
                .isEqualTo(ProblemCode.CONTENT_INVALID);
        assertThat(asideProblem("bob", document, bob.id(), new byte[2_200_000])).isEqualTo(ProblemCode.TOO_LARGE);
        assertThat(presenceProblem("bob", document, bob.id(), new byte[] {1})).isEqualTo(ProblemCode.CONTENT_INVALID);
        assertThat(bob.isOpen()).isTrue();
        bob.close();
        Await.until("the stream is gone", () -> asideProblem("bob", document, bob.id(), edit) == ProblemCode.CONFLICT);
    }

    @Test
    void speaksOverTheWire() {
        UUID document = relay.document();
        String address = "127.0.0.1:" + relay.test().boot().grpcPort();
        Services remote = Services.create(
                relay.test().node().vertx(),
                TestSettings.with(Path.of("target", "sync-data"), Map.of("grpc.peers.collab", address))
                        .section("grpc"),
                "unknown");
        SyncClient ada = SyncClient.open(
                requests -> onBehalf("ada", () -> remote.collab().sync(requests)), document);
        SyncClient bob = SyncClient.open(
                requests -> onBehalf("bob", () -> remote.collab().sync(requests)), document);

        long edit = ada.insert("over the wire");

        bob.awaitText("over the wire");
        assertThat(ada.awaitSaved(edit)).isTrue();
        relay.shield().forbid(document, "bob");
        assertThat(bob.awaitFailure()).isEqualTo(ProblemCode.NOT_FOUND);
        ada.hangUp();
        ada.awaitEnd();
        Await.result(remote.close());
    }

    private static SyncRequest opening(String document) {
        return SyncRequest.newBuilder()
                .setOpen(SyncOpen.newBuilder().setDocumentId(document))
                .build();
    }

    private static <T> Future<T> onBehalf(String user, java.util.function.Supplier<Future<T>> call) {
        Principal principal =
                new Principal(TestShield.user(user), TestShield.session(user), user, "", "#112233", Instant.MAX, false);
        CallContext context = new CallContext(principal, TestShield.token(user), null, "test", null);
        return Future.future(promise -> relay.test()
                .node()
                .vertx()
                .runOnContext(none -> context.call(call).onComplete(promise)));
    }

    private static ApplyUpdateRequest edit(UUID document, String stream, byte[] update) {
        return ApplyUpdateRequest.newBuilder()
                .setDocumentId(document.toString())
                .setStreamId(stream)
                .setUpdate(ByteString.copyFrom(update))
                .build();
    }

    private static WriteReply aside(String user, UUID document, String stream, byte[] update) {
        return relay.as(user, service -> service.applyUpdate(edit(document, stream, update)));
    }

    private static ProblemCode asideProblem(String user, UUID document, String stream, byte[] update) {
        return ((Problem) relay.refusal(user, service -> service.applyUpdate(edit(document, stream, update)))).code();
    }

    private static ProblemCode presenceProblem(String user, UUID document, String stream, byte[] presence) {
        return ((Problem) relay.refusal(
                        user,
                        service -> service.setPresence(SetPresenceRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setStreamId(stream)
                                .setPresence(ByteString.copyFrom(presence))
                                .build())))
                .code();
    }

    private static byte[] awareness(String state) {
        return new FrameWriter(64)
                .varUint(1)
                .varUint(4711)
                .varUint(1)
                .bytes(state.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }
}
