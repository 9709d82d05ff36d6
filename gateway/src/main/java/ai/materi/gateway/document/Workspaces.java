package ai.materi.gateway.document;

import ai.materi.gateway.http.Ids;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.Workspace;
import io.vertx.core.Future;
import java.util.UUID;

/** Workspaces may be named by their slug; only Shield knows those. */
final class Workspaces {
    private final Services services;

    Workspaces(Services services) {
        this.services = services;
    }

    /** By id or slug; fails with {@code not_found}. */
    Future<UUID> id(String name) {
        return Ids.parse(name).map(Future::succeededFuture).orElseGet(() -> ofMember(name));
    }

    /** By id or slug; fails with {@code not_found} for those who are no members as well. */
    Future<UUID> ofMember(String name) {
        return services.auth()
                .getWorkspace(
                        GetWorkspaceRequest.newBuilder().setWorkspace(name).build())
                .map(Workspace::getId)
                .map(UUID::fromString);
    }
}
