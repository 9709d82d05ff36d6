package ai.materi.gateway.document;

import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENT;

import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.EntityTags;
import ai.materi.gateway.http.Ids;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.node.Workers;
import ai.materi.proto.collab.v1.Attribution;
import ai.materi.proto.collab.v1.CompareVersionsRequest;
import ai.materi.proto.collab.v1.Comparison;
import ai.materi.proto.collab.v1.ComparisonForm;
import ai.materi.proto.collab.v1.GetAttributionRequest;
import ai.materi.proto.collab.v1.ListSessionsRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Who wrote a document, what changed in it and when, as Relay knows it. */
final class HistoryEndpoints {
    private static final String CURRENT = "current";

    private final Services services;
    private final Workers.Pool workers;

    /** @param workers for writing down what may be long */
    HistoryEndpoints(Services services, Workers.Pool workers) {
        this.services = services;
        this.workers = workers;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(DOCUMENT + "/attribution", this::attribution),
                Endpoint.get(DOCUMENT + "/activity", this::activity),
                Endpoint.get(DOCUMENT + "/versions/{version_id}/diff", this::diff));
    }

    private Future<Reply> attribution(Call call) {
        Optional<EntityTags> known = call.tags("If-None-Match");
        GetAttributionRequest request = GetAttributionRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .setIfNoneMatch(ContentEndpoints.onlyValue(known))
                .build();
        return services.collab()
                .getAttribution(request)
                .compose(found ->
                        shown(known, found.getEtag(), found.getNotModified(), () -> Reply.json(200, json(found))));
    }

    private Future<Reply> activity(Call call) {
        return services.collab()
                .listSessions(ListSessionsRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), HistoryJson::session, page.getNext()));
    }

    private Future<Reply> diff(Call call) {
        Optional<EntityTags> known = call.tags("If-None-Match");
        boolean html = isHtml(call);
        CompareVersionsRequest request = CompareVersionsRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .setVersionId(call.id("version_id").toString())
                .setToVersionId(to(call))
                .setForm(html ? ComparisonForm.COMPARISON_FORM_HTML : ComparisonForm.COMPARISON_FORM_BLOCKS)
                .setIfNoneMatch(ContentEndpoints.onlyValue(known))
                .build();
        return services.collab()
                .compareVersions(request)
                .compose(found -> shown(known, found.getEtag(), found.getNotModified(), () -> body(found, html)));
    }

    private static boolean isHtml(Call call) {
        String format = call.query("format").orElse("json");
        return switch (format) {
            case "json" -> false;
            case "html" -> true;
            default -> throw call.invalidQuery("format", "'format' is json or html.");
        };
    }

    /** Empty for what stands now. */
    private static String to(Call call) {
        String to = call.query("to").orElse(CURRENT);
        return to.equals(CURRENT)
                ? ""
                : Ids.parse(to)
                        .map(UUID::toString)
                        .orElseThrow(
                                () -> call.invalidQuery("to", "'to' is the id of a version, or '" + CURRENT + "'."));
    }

    private static Reply.Content body(Comparison comparison, boolean html) {
        return html
                ? Reply.of(200, ContentFormat.HTML.contentType(), Buffer.buffer(comparison.getHtml()))
                : Reply.json(200, json(comparison));
    }

    /** 304 when the caller knows it already. The tag is weak, because the names of authors may change under it. */
    private Future<Reply> shown(
            Optional<EntityTags> known, String etag, boolean notModified, Supplier<Reply.Content> body) {
        boolean unchanged =
                notModified || known.map(tags -> tags.matchesWeakly(etag)).orElse(false);
        Future<Reply.Content> reply = unchanged ? Future.succeededFuture(Reply.empty(304)) : workers.run(body::get);
        return reply.map(
                content -> content.with("etag", "W/\"" + etag + "\"").with("cache-control", "private, no-cache"));
    }

    private static JsonObject json(Attribution attribution) {
        return new JsonObject()
                .put("sequence", attribution.getSequence())
                .put("authors", HistoryJson.authors(attribution.getAuthorsList()))
                .put("blocks", HistoryJson.blocks(attribution.getBlocksList()));
    }

    private static JsonObject json(Comparison comparison) {
        return new JsonObject()
                .put("from_sequence", comparison.getFromSequence())
                .put("to_sequence", comparison.getToSequence())
                .put("authors", HistoryJson.named(comparison.getAuthorsList()))
                .put("blocks", HistoryJson.compared(comparison.getBlocksList()));
    }
}
