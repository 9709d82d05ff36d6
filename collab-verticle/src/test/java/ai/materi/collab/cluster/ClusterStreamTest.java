package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.SyncClient;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.WriteReply;
import com.google.protobuf.ByteString;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said beside a stream reaches the node that holds it from any other, and so does the answer. */
@Timeout(120)
class ClusterStreamTest {
    @Test
    void takesAnEditOnAnotherNodeThanThatOfItsStream() {
        try (TwoNodes nodes = TwoNodes.start()) {
            UUID document = nodes.document();
            SyncClient bob = SyncClient.open(nodes.here(), "bob", document);
            SyncClient ada = SyncClient.open(nodes.there(), "ada", document);

            WriteReply written = nodes.there()
                    .as("bob", service -> service.applyUpdate(edit(document, bob.id(), bob.edit("from afar"))));

            assertThat(written.getSequence()).isEqualTo(1);
            ada.awaitText("from afar");
            bob.await(reply -> reply.hasCommitted() && reply.getCommitted() == 1);
            assertThat(bob.replies()).noneMatch(SyncReply::hasUpdate);
            assertThat(refusal(nodes.there(), "ada", edit(document, bob.id(), new byte[] {0, 0})))
                    .isEqualTo(ProblemCode.CONFLICT);
            assertThat(refusal(nodes.there(), "bob", edit(document, bob.id(), new byte[] {1, 1, 1})))
                    .isEqualTo(ProblemCode.CONTENT_INVALID);
            assertThat(refusal(nodes.there(), "bob", edit(document, "gone.4711", new byte[] {0, 0})))
                    .isEqualTo(ProblemCode.CONFLICT);
            bob.close();
            ada.close();
        }
    }

    private static ProblemCode refusal(RelayFixture node, String user, ApplyUpdateRequest request) {
        return ((Problem) node.refusal(user, service -> service.applyUpdate(request))).code();
    }

    private static ApplyUpdateRequest edit(UUID document, String stream, byte[] update) {
        return ApplyUpdateRequest.newBuilder()
                .setDocumentId(document.toString())
                .setStreamId(stream)
                .setUpdate(ByteString.copyFrom(update))
                .build();
    }
}
