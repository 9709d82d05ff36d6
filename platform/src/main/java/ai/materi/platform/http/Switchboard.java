package ai.materi.platform.http;

import ai.materi.platform.problem.Problems;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Sends a request to the router with the longest path that contains it, and to no other: what is not found below
 * {@code /api/v1} is not looked for below {@code /}.
 */
final class Switchboard implements Handler<HttpServerRequest> {
    private record Mount(String path, Router router) {
        boolean contains(String requested) {
            if (path.equals("/")) {
                return true;
            }
            return requested.startsWith(path)
                    && (requested.length() == path.length() || requested.charAt(path.length()) == '/');
        }
    }

    private final List<Mount> mounts;

    Switchboard(Map<String, Router> routers) {
        mounts = routers.entrySet().stream()
                .map(entry -> new Mount(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing((Mount mount) -> mount.path().length())
                        .reversed())
                .toList();
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        for (Mount mount : mounts) {
            if (path == null || mount.contains(path)) {
                mount.router().handle(request);
                return;
            }
        }
        throw new IllegalStateException("Nothing is mounted at /");
    }

    /** Wraps a role's router so that it can stand alone at its path. */
    static Router at(io.vertx.core.Vertx vertx, String path, Entrance entrance, Router router) {
        Router outer = Router.router(vertx);
        outer.route().handler(entrance);
        outer.route(path + "*").subRouter(router);
        Problems.guard(router);
        Problems.guard(outer);
        AllowedMethods allowed = AllowedMethods.of(router);
        int below = path.equals("/") ? 0 : path.length();
        outer.errorHandler(405, rc -> {
            String methods = allowed.at(rc.normalizedPath().substring(below));
            if (!methods.isEmpty()) {
                rc.response().putHeader("Allow", methods);
            }
            Problems.render(rc);
        });
        return outer;
    }
}
