package ai.materi.gateway.workspace;

import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Ids;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.auth.v1.CreateWorkspaceRequest;
import ai.materi.proto.auth.v1.DeleteWorkspaceRequest;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.ListWorkspacesRequest;
import ai.materi.proto.auth.v1.UpdateWorkspaceRequest;
import ai.materi.proto.auth.v1.Workspace;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /api/v1/workspaces}: what a workspace is called. Ids and slugs name it alike. */
public final class WorkspaceEndpoints {
    static final String WORKSPACES = "/api/v1/workspaces";
    private static final int MAX_NAME = 120;
    private static final int MAX_SLUG = 48;

    private final Services services;

    public WorkspaceEndpoints(Services services) {
        this.services = services;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(WORKSPACES, this::list),
                Endpoint.post(WORKSPACES, this::create),
                Endpoint.get(WORKSPACES + "/{id}", this::read),
                Endpoint.patch(WORKSPACES + "/{id}", this::update),
                Endpoint.delete(WORKSPACES + "/{id}", this::delete));
    }

    private Future<Reply> list(Call call) {
        return services.auth()
                .listWorkspaces(ListWorkspacesRequest.newBuilder()
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), WorkspaceEndpoints::json, page.getNext()));
    }

    private Future<Reply> create(Call call) {
        Fields fields = call.json();
        CreateWorkspaceRequest request = CreateWorkspaceRequest.newBuilder()
                .setName(fields.line("name", MAX_NAME))
                .setSlug(fields.optionalText("slug", 2, MAX_SLUG).orElse(""))
                .build();
        fields.end();
        return services.auth()
                .createWorkspace(request)
                .map(workspace ->
                        Reply.json(201, json(workspace)).with("location", WORKSPACES + "/" + workspace.getId()));
    }

    private Future<Reply> read(Call call) {
        return services.auth()
                .getWorkspace(GetWorkspaceRequest.newBuilder()
                        .setWorkspace(call.parameter("id"))
                        .build())
                .map(workspace -> known(call, workspace));
    }

    private Future<Reply> update(Call call) {
        Fields fields = call.json();
        UpdateWorkspaceRequest.Builder request =
                UpdateWorkspaceRequest.newBuilder().setWorkspace(call.parameter("id"));
        fields.optionalLine("name", MAX_NAME).ifPresent(request::setName);
        fields.optionalText("slug", 2, MAX_SLUG).ifPresent(request::setSlug);
        fields.end();
        return services.auth().updateWorkspace(request.build()).map(workspace -> known(call, workspace));
    }

    private static Reply known(Call call, Workspace workspace) {
        Ids.parse(workspace.getId()).ifPresent(call::belongsTo);
        return Reply.json(200, json(workspace));
    }

    private Future<Reply> delete(Call call) {
        return services.auth()
                .deleteWorkspace(DeleteWorkspaceRequest.newBuilder()
                        .setWorkspace(call.parameter("id"))
                        .build())
                .map(deleted -> Reply.empty(204));
    }

    private static JsonObject json(Workspace workspace) {
        return new JsonObject()
                .put("id", workspace.getId())
                .put("slug", workspace.getSlug())
                .put("name", workspace.getName())
                .put("role", Roles.word(workspace.getRole()))
                .put("created_at", workspace.getCreatedAt())
                .put("updated_at", workspace.getUpdatedAt());
    }
}
