package ai.materi.gateway.live;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Reply;
import ai.materi.gateway.sse.EventStream;
import ai.materi.gateway.sse.LastEventId;
import ai.materi.gateway.sse.OpenStreams;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.SetPresenceRequest;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.collab.v1.UpdateEncoding;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A live document where sockets are not to be had: {@code GET …/stream} tells what happens in it, and what the client does comes
 * by requests that name the stream, to whichever node they reach.
 */
public final class LiveEndpoints {
    private static final String DOCUMENT = "/api/v1/documents/{id}";
    private static final String OCTETS = "application/octet-stream";
    private static final Pattern GUID = Pattern.compile("(?!\\.+$)[A-Za-z0-9_.:-]{1,128}");

    private final Services services;
    private final OpenStreams open;

    public LiveEndpoints(Services services, OpenStreams open) {
        this.services = services;
        this.open = open;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(DOCUMENT + "/stream", this::stream).access(Access.BEARER_OR_QUERY),
                Endpoint.post(DOCUMENT + "/updates", this::update)
                        .body(BodyKind.UPDATE)
                        .neverReplayed(),
                Endpoint.post(DOCUMENT + "/presence", this::presence)
                        .access(Access.BEARER_OR_QUERY)
                        .body(BodyKind.UPDATE)
                        .neverReplayed());
    }

    private Future<Reply> stream(Call call) {
        SyncRequest opening = SyncRequest.newBuilder().setOpen(opening(call)).build();
        // It lives as long as its client, not until the deadline of the request.
        return call.context()
                .until(null)
                .call(() -> services.collab().sync(new OneRequest<>(opening)))
                .map(events -> open.reply(new EventStream.Source<>(events, LiveEvents::of, LiveEvents.END, () -> {})));
    }

    private static SyncOpen opening(Call call) {
        SyncOpen.Builder opening = SyncOpen.newBuilder().setDocumentId(document(call));
        LastEventId.of(call)
                .ifPresentOrElse(
                        opening::setAfterSequence,
                        () -> call.query("state_vector")
                                .ifPresent(text -> opening.setStateVector(stateVector(call, text))));
        return opening.build();
    }

    /** The document of the path, or the sub-document in it that the query names. */
    private static String document(Call call) {
        String document = call.id("id").toString();
        if (!call.hasQuery("sub_document")) {
            return document;
        }
        return call.query("sub_document")
                .filter(guid -> GUID.matcher(guid).matches())
                .map(guid -> document + "/" + guid)
                .orElseThrow(() -> call.invalidQuery(
                        "sub_document", "'sub_document' is a guid: 1 to 128 of A-Z a-z 0-9 _ . : -, not dots alone."));
    }

    private static ByteString stateVector(Call call, String text) {
        try {
            return UnsafeByteOperations.unsafeWrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException malformed) {
            throw call.invalidQuery("state_vector", "'state_vector' is base64url (RFC 4648, 5).");
        }
    }

    private Future<Reply> update(Call call) {
        return services.collab()
                .applyUpdate(ApplyUpdateRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setUpdate(octets(call))
                        .setStreamId(call.query("stream_id").orElse(""))
                        .setEncoding(encoding(call))
                        .build())
                .map(written -> Reply.json(200, new JsonObject().put("sequence", written.getSequence())));
    }

    private static UpdateEncoding encoding(Call call) {
        return switch (call.query("encoding").orElse("v1")) {
            case "v1" -> UpdateEncoding.UPDATE_ENCODING_V1;
            case "v2" -> UpdateEncoding.UPDATE_ENCODING_V2;
            default -> throw call.invalidQuery("encoding", "'encoding' is v1 or v2.");
        };
    }

    private Future<Reply> presence(Call call) {
        return services.collab()
                .setPresence(SetPresenceRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setStreamId(call.query("stream_id").orElse(""))
                        .setPresence(octets(call))
                        .build())
                .map(set -> Reply.empty(204));
    }

    private static ByteString octets(Call call) {
        @Nullable String type = call.header("Content-Type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals(OCTETS)) {
            throw Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send " + OCTETS + " and say so in Content-Type.");
        }
        return UnsafeByteOperations.unsafeWrap(call.body().getBytes());
    }
}
