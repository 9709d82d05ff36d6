package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.SyncClient;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Await;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.GetStateRequest;
import ai.materi.proto.collab.v1.State;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A document that is encoded in portions: whoever opens, reads or comes back to it while it changes has all of it. */
@Timeout(240)
class LargeDocumentTest {
    private static final int CHARACTERS = 1_000_000;
    private static final int SCATTERED = 40_000;
    private static final String PLACE = "content";

    private static RelayFixture relay;
    private static byte[] large;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(
                "collab.wire.frame_bytes", "16MiB", "collab.room.document_bytes", "4MiB", "collab.room.idle", "1s");
        large = state();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void everybodyWhoOpensItWhileSomebodyWritesHasAllOfIt() {
        UUID document = opened();
        YjsClient writer = relay.yjs(document, "ada");
        List<YjsClient> readers = new ArrayList<>();
        List<HocuspocusClient> others = new ArrayList<>();
        List<SyncClient> streams = new ArrayList<>();

        for (int i = 0; i < 12; i++) {
            writer.insert(i * 1_000, "<" + i + ">");
            readers.add(relay.yjs(document, "bob"));
            writer.delete(i * 1_000 + 500, 40);
            others.add(relay.hocuspocus(document, "bob"));
            writer.insert(0, "=");
            streams.add(SyncClient.open(relay, "bob", document));
        }
        writer.awaitSaved();

        String text = writer.text();
        readers.forEach(reader -> reader.awaitText(text));
        others.forEach(
                other -> Await.until("it has all of it", () -> other.text().equals(text)));
        streams.forEach(
                stream -> Await.until("it has all of it", () -> stream.text().equals(text)));
        assertThat(readers.get(11).<Boolean>with(Doc::hasPending)).isFalse();
    }

    @Test
    void whoComesBackIsToldWhatTheyLack() {
        UUID document = opened();
        YjsClient writer = relay.yjs(document, "ada");
        Doc old = Doc.of(writer.with(Doc::encodeState));
        writer.insert(700, "meanwhile");
        writer.delete(0, 300);
        writer.awaitSaved();

        old.applyUpdate(answer(document, old.stateVector()), null);
        assertThat(old.text(PLACE).toString()).isEqualTo(writer.text());

        long half = old.stateVector().get(7) / 2;
        byte[] muchLacking = answer(document, StateVector.of(Map.of(7L, half)));
        assertThat(Updates.meta(muchLacking).inserted().get(7L)).containsExactly(new DeleteSet.Range((int) half, (int)
                (old.stateVector().get(7) - half)));
    }

    @Test
    void aReadIsExactlyWhatItsNumberSaysWhileSomebodyWrites() {
        UUID document = opened();
        YjsClient writer = relay.yjs(document, "ada");
        int length = writer.text().length();
        long before = state(document).getSequence();
        for (int i = 0; i < 8; i++) {
            writer.insert(10, "w");
            State state = state(document);
            Doc read = Doc.of(state.getUpdate().toByteArray());

            assertThat(read.hasPending()).isFalse();
            assertThat(read.text(PLACE).length() - length).isEqualTo(state.getSequence() - before);
        }
    }

    @Test
    void anEditOfTheServerIsWorkedOutOnAllOfIt() {
        UUID document = opened();
        YjsClient writer = relay.yjs(document, "ada");
        writer.insert(0, "before ");
        writer.awaitSaved();

        relay.as(
                "bob",
                collab -> collab.applyEdits(ApplyEditsRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .addEdits(
                                Edit.newBuilder().setAppend(Append.newBuilder().setContent("the end")))
                        .build()));

        Await.until(
                "the edit is there",
                () -> writer.text().startsWith("before ") && writer.text().endsWith("the end"));
    }

    @Test
    void aLargeEditIsPlacedBeforeWhatItsSenderSaysNextWhileOthersWrite() {
        UUID document = relay.document();
        YjsClient reader = relay.yjs(document, "bob");
        YjsClient writer = relay.yjs(document, "ada");
        reader.insert(0, "[");

        writer.<Void>with(doc -> {
            doc.applyUpdate(large, null);
            return null;
        });
        writer.send(Messages.syncUpdate(large));
        for (int i = 0; i < 50; i++) {
            writer.insert(i * 100, "w");
            reader.insert(1, "r");
        }
        writer.awaitSaved();
        reader.awaitSaved();

        Await.until(
                "both have all of it",
                () -> reader.text().length() > CHARACTERS && reader.text().equals(writer.text()));
        assertThat(reader.<Boolean>with(Doc::hasPending)).isFalse();
        assertThat(relay.yjs(document, "bob").text()).isEqualTo(writer.text());
    }

    @Test
    void whoDeletesAllOfItIsFollowedByWhatOthersAndTheyThemselvesDoNext() {
        UUID document = opened();
        YjsClient writer = relay.yjs(document, "ada");
        HocuspocusClient other = relay.hocuspocus(document, "bob");
        SyncClient stream = SyncClient.open(relay, "bob", document);
        int length = writer.text().length();

        other.insert(10, "kept");
        Await.until("everybody has it", () -> writer.text().length() == length + 4);
        writer.delete(0, 10);
        writer.delete(4, length - 10);
        for (int i = 0; i < 30; i++) {
            writer.insert(0, "w");
            other.insert(0, "o");
        }
        writer.awaitSaved();
        other.awaitSaved();

        Await.until(
                "everybody has what is left",
                () -> writer.text().length() == 64
                        && writer.text().equals(other.text())
                        && writer.text().equals(stream.text()));
        assertThat(writer.text()).endsWith("kept").matches("[wo]{60}kept");
        assertThat(relay.yjs(document, "bob").text()).isEqualTo(writer.text());
    }

    @Test
    void itGrowsNoFurtherThanItMayOnceItIsMeasured() {
        UUID document = opened();
        Doc more = new Doc(8);
        more.text(PLACE).insert(0, "m".repeat(3_500_000));

        Await.until("the edit is refused for good", () -> {
            int code = socket(document, "ada")
                    .send(Messages.syncUpdate(more.encodeState()))
                    .awaitClose();
            assertThat(code).isIn(1013, 4413);
            return code == 4413;
        });

        YjsClient writer = relay.yjs(document, "ada");
        writer.insert(0, "there is room for this");
        writer.awaitSaved();
    }

    @Test
    void whatIsNoUpdateIsRefusedWhateverItsSize() {
        UUID document = opened();
        byte[] cut = Arrays.copyOf(large, large.length / 2);

        assertThat(socket(document, "ada").send(Messages.syncUpdate(cut)).awaitClose())
                .isEqualTo(4400);

        assertThat(relay.yjs(document, "bob").text())
                .isEqualTo(Doc.of(large).text(PLACE).toString());
    }

    @Test
    void aClientThatAsksWithoutEndIsSentAway() {
        UUID document = opened();
        RawSocket socket = relay.socket("/yjs/" + document + "?token=" + TestShield.token("bob"));

        for (int i = 0; i < 2_000 && socket.closeCode() == null; i++) {
            socket.send(Messages.syncStep1(StateVector.of(Map.of(5L, 1L + i)).encode()));
        }

        assertThat(socket.awaitClose()).isEqualTo(1013);
    }

    /** A document that has all of it, committed. */
    private static UUID opened() {
        UUID document = relay.document();
        RawSocket socket = socket(document, "ada");
        socket.send(Messages.syncUpdate(large))
                .send(Messages.syncStep1(Doc.of(large).stateVector().encode()));
        socket.await("the document is saved", LargeDocumentTest::isStep2);
        socket.close();
        return document;
    }

    private static State state(UUID document) {
        return relay.as(
                "bob",
                collab -> collab.getState(GetStateRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .build()));
    }

    private static RawSocket socket(UUID document, String user) {
        return relay.socket("/yjs/" + document + "?token=" + TestShield.token(user));
    }

    private static byte[] answer(UUID document, StateVector known) {
        RawSocket socket = socket(document, "bob").send(Messages.syncStep1(known.encode()));
        FrameReader reader = new FrameReader(socket.await("an answer", LargeDocumentTest::isStep2));
        reader.type();
        reader.type();
        socket.close();
        return reader.bytes();
    }

    private static boolean isStep2(Buffer message) {
        return message.getByte(0) == Messages.SYNC && message.getByte(1) == Messages.SYNC_STEP_2;
    }

    private static byte[] state() {
        Random random = new Random(1);
        Doc doc = new Doc(7);
        doc.transact(null, tx -> {
            doc.text(PLACE).insert(0, "abcdefghij".repeat(CHARACTERS / 10));
            for (int i = 0; i < SCATTERED; i++) {
                int at = 20_000 + random.nextInt(CHARACTERS - 20_000);
                if (i % 8 == 0) {
                    doc.text(PLACE).delete(at, 2);
                } else {
                    doc.text(PLACE).insert(at, "xy");
                }
            }
        });
        return doc.encodeState();
    }
}
