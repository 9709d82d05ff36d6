package ai.materi.gateway.document;

import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENT;
import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENTS;

import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.EntityTags;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.DeleteVersionRequest;
import ai.materi.proto.collab.v1.GetVersionContentRequest;
import ai.materi.proto.collab.v1.GetVersionRequest;
import ai.materi.proto.collab.v1.ListVersionsRequest;
import ai.materi.proto.collab.v1.RenameVersionRequest;
import ai.materi.proto.collab.v1.RestoreVersionRequest;
import ai.materi.proto.collab.v1.Version;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/documents/{id}/versions}: states of a document that Relay keeps. */
final class VersionEndpoints {
    private static final String VERSIONS = DOCUMENT + "/versions";
    private static final String VERSION = VERSIONS + "/{version_id}";
    private static final int MAX_NAME = 120;

    private final Services services;

    VersionEndpoints(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(VERSIONS, this::list),
                Endpoint.post(VERSIONS, this::create),
                Endpoint.get(VERSION, this::read),
                Endpoint.patch(VERSION, this::rename),
                Endpoint.delete(VERSION, this::delete),
                Endpoint.get(VERSION + "/content", this::content),
                Endpoint.post(VERSION + "/restore", this::restore).body(BodyKind.OPTIONAL_JSON));
    }

    private Future<Reply> list(Call call) {
        return services.collab()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), VersionEndpoints::json, page.getNext()));
    }

    private Future<Reply> create(Call call) {
        CreateVersionRequest request = CreateVersionRequest.newBuilder()
                .setName(name(call))
                .setDocumentId(document(call))
                .setVersionId(call.resourceId().toString())
                .build();
        return services.collab()
                .createVersion(request)
                .map(version -> Reply.json(201, json(version))
                        .with("location", DOCUMENTS + "/" + version.getDocumentId() + "/versions/" + version.getId()));
    }

    private Future<Reply> read(Call call) {
        return services.collab()
                .getVersion(GetVersionRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setVersionId(version(call))
                        .build())
                .map(version -> Reply.json(200, json(version)));
    }

    private Future<Reply> rename(Call call) {
        RenameVersionRequest request = RenameVersionRequest.newBuilder()
                .setName(name(call))
                .setDocumentId(document(call))
                .setVersionId(version(call))
                .build();
        return services.collab().renameVersion(request).map(version -> Reply.json(200, json(version)));
    }

    private Future<Reply> delete(Call call) {
        return services.collab()
                .deleteVersion(DeleteVersionRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setVersionId(version(call))
                        .build())
                .map(deleted -> Reply.empty(204));
    }

    private Future<Reply> content(Call call) {
        ContentFormat format = Negotiation.wanted(call);
        Optional<EntityTags> known = call.tags("If-None-Match");
        return services.collab()
                .getVersionContent(GetVersionContentRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setVersionId(version(call))
                        .setFormat(format.proto())
                        .setIfNoneMatch(ContentEndpoints.onlyValue(known))
                        .build())
                .map(content -> ContentEndpoints.shown(format, known, content));
    }

    private Future<Reply> restore(Call call) {
        call.json().end();
        return services.collab()
                .restoreVersion(RestoreVersionRequest.newBuilder()
                        .setDocumentId(document(call))
                        .setVersionId(version(call))
                        .build())
                .map(restored -> Reply.json(
                        200,
                        ContentEndpoints.json(restored.getWrite())
                                .put("before", restored.hasBefore() ? json(restored.getBefore()) : null)));
    }

    private static String document(Call call) {
        return call.id("id").toString();
    }

    private static String version(Call call) {
        return call.id("version_id").toString();
    }

    private static String name(Call call) {
        Fields fields = call.json();
        String name = fields.line("name", MAX_NAME);
        fields.end();
        return name;
    }

    private static JsonObject json(Version version) {
        return new JsonObject()
                .put("id", version.getId())
                .put("document_id", version.getDocumentId())
                .put("name", orNull(version.getName()))
                .put("sequence", version.getSequence())
                .put("size", version.getSize())
                .put("created_by", orNull(version.getCreatedBy()))
                .put("created_at", version.getCreatedAt());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
