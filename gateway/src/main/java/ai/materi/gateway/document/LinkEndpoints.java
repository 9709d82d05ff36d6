package ai.materi.gateway.document;

import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENT;

import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.auth.v1.CreateLinkRequest;
import ai.materi.proto.auth.v1.Link;
import ai.materi.proto.auth.v1.ListLinksRequest;
import ai.materi.proto.auth.v1.RemoveLinkRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /api/v1/documents/{id}/links}: by which strangers read one document. */
final class LinkEndpoints {
    private static final String LINKS = DOCUMENT + "/links";
    private static final int MAX_LABEL = 80;
    private static final int SHORTEST = 60;
    private static final int LONGEST = 365 * 24 * 3600;

    private final Services services;

    LinkEndpoints(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(LINKS, this::list),
                Endpoint.post(LINKS, this::create).body(BodyKind.OPTIONAL_JSON).neverReplayed(),
                Endpoint.delete(LINKS + "/{link_id}", this::remove));
    }

    private Future<Reply> list(Call call) {
        return services.auth()
                .listLinks(ListLinksRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), LinkEndpoints::json, page.getNext()));
    }

    private Future<Reply> create(Call call) {
        Fields fields = call.json();
        CreateLinkRequest request = CreateLinkRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .setLabel(fields.optionalLine("label", MAX_LABEL).orElse(""))
                .setExpiresIn(fields.has("expires_in") ? fields.integer("expires_in", SHORTEST, LONGEST) : 0)
                .build();
        fields.end();
        return services.auth()
                .createLink(request)
                .map(made -> Reply.json(201, json(made.getLink()).put("token", made.getToken()))
                        .with("cache-control", "no-store"));
    }

    private Future<Reply> remove(Call call) {
        return services.auth()
                .removeLink(RemoveLinkRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setLinkId(call.id("link_id").toString())
                        .build())
                .map(removed -> Reply.empty(204));
    }

    private static JsonObject json(Link link) {
        return new JsonObject()
                .put("id", link.getId())
                .put("label", link.getLabel())
                .put("created_at", link.getCreatedAt())
                .put("expires_at", link.getExpiresAt().isEmpty() ? null : link.getExpiresAt());
    }
}
