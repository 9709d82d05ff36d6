package ai.materi.gateway;

import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.Block;
import ai.materi.proto.collab.v1.BlockList;
import ai.materi.proto.collab.v1.CollabServiceService;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.ListBlocksRequest;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import ai.materi.proto.collab.v1.WriteReply;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The part of the Relay's contract that the gateway's own tests need: each document is one text, kept in memory, behind Shield's
 * permissions and with real preconditions. Edits are recorded and not carried out.
 */
final class SmallRelay extends CollabServiceService {
    record Text(long sequence, ByteString content) {
        static final Text NONE = new Text(0, ByteString.EMPTY);

        String etag() {
            return "1-" + sequence + "-text";
        }
    }

    private final Services services;
    private final Map<String, Text> texts = new ConcurrentHashMap<>();
    private final List<ApplyEditsRequest> edits = new CopyOnWriteArrayList<>();
    private final List<ReplaceContentRequest> replacements = new CopyOnWriteArrayList<>();

    SmallRelay(Services services) {
        this.services = services;
    }

    List<ApplyEditsRequest> edits() {
        return edits;
    }

    List<ReplaceContentRequest> replacements() {
        return replacements;
    }

    Text text(String document) {
        return texts.getOrDefault(document, Text.NONE);
    }

    @Override
    public Future<Content> getContent(GetContentRequest request) {
        return allowed(request.getDocumentId(), Action.ACTION_READ, () -> {
            Text text = text(request.getDocumentId());
            Content.Builder content = Content.newBuilder().setEtag(text.etag()).setSequence(text.sequence());
            return request.getIfNoneMatch().equals(text.etag())
                    ? content.setNotModified(true).build()
                    : content.setContent(text.content()).build();
        });
    }

    @Override
    public Future<WriteReply> replaceContent(ReplaceContentRequest request) {
        return allowed(request.getDocumentId(), Action.ACTION_WRITE, () -> {
            replacements.add(request);
            Text before = text(request.getDocumentId());
            if ((request.hasIfMatch() && !request.getIfMatch().equals(before.etag()))
                    || (request.getInitial() && before.sequence() > 0)) {
                throw Problem.of(ProblemCode.ETAG_MISMATCH, "The text has changed.");
            }
            if (request.hasBase() && request.getBase().equals("unknown")) {
                throw Problem.of(ProblemCode.BASE_UNKNOWN, "This rendering is no longer kept.");
            }
            if (!request.getContent().isValidUtf8()) {
                throw Problem.of(ProblemCode.CONTENT_INVALID, "This is not UTF-8.");
            }
            return written(request.getDocumentId(), new Text(before.sequence() + 1, request.getContent()));
        });
    }

    @Override
    public Future<WriteReply> applyEdits(ApplyEditsRequest request) {
        return allowed(request.getDocumentId(), Action.ACTION_WRITE, () -> {
            edits.add(request);
            Text before = text(request.getDocumentId());
            return written(request.getDocumentId(), new Text(before.sequence() + 1, before.content()));
        });
    }

    @Override
    public Future<BlockList> listBlocks(ListBlocksRequest request) {
        return allowed(
                request.getDocumentId(),
                Action.ACTION_READ,
                () -> BlockList.newBuilder()
                        .addBlocks(Block.newBuilder()
                                .setId("1:0")
                                .setType("paragraph")
                                .setText(text(request.getDocumentId()).content().toStringUtf8()))
                        .setEtag(text(request.getDocumentId()).etag())
                        .build());
    }

    private WriteReply written(String document, Text text) {
        texts.put(document, text);
        return WriteReply.newBuilder()
                .setEtag(text.etag())
                .setSequence(text.sequence())
                .setChanged(true)
                .build();
    }

    private <T> Future<T> allowed(String document, Action action, Supplier<T> work) {
        return services.auth()
                .authorize(AuthorizeRequest.newBuilder()
                        .setDocumentId(document)
                        .setAction(action)
                        .build())
                .map(authorization -> {
                    if (!authorization.getAllowed()) {
                        throw Problem.of(ProblemCode.FORBIDDEN, "Not allowed.");
                    }
                    return work.get();
                });
    }
}
