package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import com.google.protobuf.ByteString;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one database that hear of each other only through the log. */
@Timeout(120)
class NodesTest {
    private static RelayFixture here;
    private static RelayFixture there;

    @BeforeAll
    static void start() {
        here = RelayFixture.start("collab.room.heads_interval", "200ms", "collab.log.compact_rows", "40");
        there = here.sibling("collab.room.heads_interval", "200ms", "collab.log.compact_rows", "40");
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
    }

    @Test
    void readsFromTheLogWhatAnotherNodeCommitted() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");

        ada.insert(0, "from here");
        bob.awaitText("from here");
        bob.insert(0, "from there, ");

        ada.awaitText("from there, from here");
    }

    @Test
    void takesInWhatIsLongWithoutLosingWhatIsWrittenMeanwhile() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");

        ada.insert(0, "0123456789".repeat(20_000));
        for (int i = 0; i < 120; i++) {
            bob.insert(0, "b");
            ada.insert(0, "a");
        }
        Await.until("it is there", () -> bob.text().length() == 200_240);
        ada.delete(0, 200_000);
        bob.insert(0, "after all");
        ada.awaitSaved();
        bob.awaitSaved();

        Await.until(
                "both have what is left",
                () -> ada.text().length() == 249 && ada.text().equals(bob.text()));
        assertThat(there.yjs(document, "ada").text()).isEqualTo(ada.text());
    }

    @Test
    void convergesWhenBothWriteAndBothFoldTheLog() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        HocuspocusClient bob = there.hocuspocus(document, "bob");

        for (int i = 0; i < 600; i++) {
            if (random.nextBoolean()) {
                ada.insert(0, String.valueOf((char) ('a' + random.nextInt(26))));
            } else {
                bob.insert(0, String.valueOf((char) ('A' + random.nextInt(26))));
            }
        }
        ada.awaitSaved();
        bob.awaitSaved();

        Await.until(
                "both have everything, seed " + seed,
                () -> ada.text().length() == 600 && ada.text().equals(bob.text()));
        assertThat(here.yjs(document, "bob").text()).as("seed %d", seed).isEqualTo(ada.text());
    }

    @Test
    void readsOnEachNodeExactlyWhatItsEtagSays() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        for (int i = 0; i < 100; i++) {
            ada.insert(0, "a");
            bob.insert(0, "b");
        }
        ada.awaitSaved();
        bob.awaitSaved();

        Await.until("both nodes read the same", () -> {
            var one = here.as("eve", service -> service.getContent(text(document)));
            var other = there.as("eve", service -> service.getContent(text(document)));
            if (one.getEtag().equals(other.getEtag())) {
                assertThat(one.getContent()).isEqualTo(other.getContent());
            }
            return one.getContent().size() == 200 && other.getContent().size() == 200;
        });
    }

    @Test
    void refusesAStrictWriteThatAnotherNodeWasFasterThan() {
        UUID document = shared();
        String etag =
                here.as("ada", service -> service.getContent(text(document))).getEtag();
        assertThat(there.as("ada", service -> service.getContent(text(document)))
                        .getEtag())
                .isEqualTo(etag);

        here.as("ada", service -> service.replaceContent(replacement(document, "here", etag)));
        var refused = there.refusal("bob", service -> service.replaceContent(replacement(document, "there", etag)));

        assertThat(refused).hasMessageContaining("changed");
        Await.until(
                "both read the winner",
                () -> there.as("ada", service -> service.getContent(text(document)))
                        .getContent()
                        .toStringUtf8()
                        .strip()
                        .equals("here"));
    }

    private static UUID shared() {
        UUID document = here.document();
        there.share(document);
        return document;
    }

    private static GetContentRequest text(UUID document) {
        return GetContentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setFormat(Format.FORMAT_TEXT)
                .build();
    }

    private static ReplaceContentRequest replacement(UUID document, String text, String etag) {
        return ReplaceContentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setFormat(Format.FORMAT_TEXT)
                .setContent(ByteString.copyFromUtf8(text))
                .setIfMatch(etag)
                .build();
    }
}
