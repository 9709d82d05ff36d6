package ai.materi.gateway.document;

import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENT;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.EntityTags;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import ai.materi.proto.collab.v1.WriteReply;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Content in and out, and edits. Relay does all of it: what is written here is an edit of the live document. */
final class ContentEndpoints {
    private static final String EDIT_WITHOUT_VERSION = "/api/documents/{id}/edit";

    private final Services services;

    ContentEndpoints(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(DOCUMENT + "/content", this::read).access(Access.BEARER_OR_SHARE),
                Endpoint.put(DOCUMENT + "/content", this::replace).body(BodyKind.CONTENT),
                Endpoint.post(DOCUMENT + "/edit", this::edit),
                Endpoint.post(EDIT_WITHOUT_VERSION, this::edit));
    }

    private Future<Reply> read(Call call) {
        ContentFormat format = Negotiation.wanted(call);
        Optional<EntityTags> known = call.tags("If-None-Match");
        return content(call, format, onlyValue(known)).map(content -> shown(format, known, content));
    }

    /** 304 when the caller knows it already. */
    static Reply shown(ContentFormat format, Optional<EntityTags> known, Content content) {
        boolean unchanged = content.getNotModified()
                || known.map(tags -> tags.matchesWeakly(content.getEtag())).orElse(false);
        return unchanged ? labelled(Reply.empty(304), content) : labelled(body(format, content), content);
    }

    /** A single tag is compared where the content lives, so that it is not rendered for nothing. */
    static String onlyValue(Optional<EntityTags> known) {
        return known.filter(tags -> tags.tags().size() == 1)
                .map(tags -> tags.tags().get(0).value())
                .orElse("");
    }

    private Future<Content> content(Call call, ContentFormat format, String known) {
        return services.collab()
                .getContent(GetContentRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setFormat(format.proto())
                        .setIfNoneMatch(known)
                        .build());
    }

    private static Reply.Content body(ContentFormat format, Content content) {
        return Reply.of(
                200, format.contentType(), Buffer.buffer(content.getContent().toByteArray()));
    }

    private static Reply.Content labelled(Reply.Content reply, Content content) {
        return reply.with("etag", "\"" + content.getEtag() + "\"")
                .with("cache-control", "private, no-cache")
                .with("vary", "Accept");
    }

    private Future<Reply> replace(Call call) {
        ContentFormat format = Negotiation.sent(call);
        ReplaceContentRequest.Builder request = ReplaceContentRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .setFormat(format.proto())
                .setContent(UnsafeByteOperations.unsafeWrap(call.body().getBytes()));
        EntityTags match = call.tags("If-Match").orElseThrow(ContentEndpoints::preconditionRequired);
        if (match.any()) {
            return written(
                    services.collab().replaceContent(request.setBase(base(call)).build()));
        }
        return strictly(call, format, match)
                .compose(etag -> written(services.collab()
                        .replaceContent(request.setIfMatch(etag).build())));
    }

    private static Problem preconditionRequired() {
        return Problem.of(
                ProblemCode.PRECONDITION_REQUIRED,
                "Send If-Match with the entity tag that you have read, or 'If-Match: *' with that tag in Materi-Base to"
                        + " merge with what others have written since.");
    }

    private static String base(Call call) {
        EntityTags base = call.tags("Materi-Base").orElseThrow(ContentEndpoints::preconditionRequired);
        List<String> values = base.strongValues();
        if (values.size() != 1) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "Materi-Base is one strong entity tag.");
        }
        return values.get(0);
    }

    /** Of several tags, the one that the document is at; Relay then checks that it still is when it writes. */
    private Future<String> strictly(Call call, ContentFormat format, EntityTags match) {
        List<String> tags = match.strongValues();
        if (tags.size() == 1) {
            return Future.succeededFuture(tags.get(0));
        }
        return content(call, format, "").map(content -> {
            if (!match.matchesStrongly(content.getEtag())) {
                throw Refusals.of("etag");
            }
            return content.getEtag();
        });
    }

    private Future<Reply> edit(Call call) {
        ApplyEditsRequest.Builder request = ApplyEditsRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .addAllEdits(EditBody.read(call.json()));
        EntityTags match = call.tags("If-Match").filter(tags -> !tags.any()).orElse(null);
        if (match == null) {
            return written(services.collab().applyEdits(request.build()));
        }
        return strictly(call, ContentFormat.MARKDOWN, match)
                .compose(etag -> written(
                        services.collab().applyEdits(request.setIfMatch(etag).build())));
    }

    /**
     * The tag stands in the body only: what is stored is not what was sent byte by byte, and RFC 9110, 9.3.4 forbids the
     * header then.
     */
    private static Future<Reply> written(Future<WriteReply> write) {
        return write.map(reply -> Reply.json(200, json(reply)));
    }

    static JsonObject json(WriteReply reply) {
        return new JsonObject()
                .put("etag", "\"" + reply.getEtag() + "\"")
                .put("sequence", reply.getSequence())
                .put("changed", reply.getChanged());
    }
}
