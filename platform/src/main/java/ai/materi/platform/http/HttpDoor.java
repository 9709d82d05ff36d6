package ai.materi.platform.http;

import io.vertx.ext.web.Router;

/**
 * The node's one HTTP server. Roles mount their routers before {@code Node.open()}; requests run on the event loop of
 * their connection, each in a Vert.x context of its own. {@code /healthz} and {@code /readyz} are always there; what no
 * router takes is 404, the paths of an absent role 503 {@code role_absent}.
 */
public final class HttpDoor {
    /** Mounts a router at a path; the longest path wins ({@code "/"} is the page). */
    public void mount(String path, Router router) {
        throw new UnsupportedOperationException();
    }

    /** Mounts a router on the operator port. */
    public void mountOperator(String path, Router router) {
        throw new UnsupportedOperationException();
    }
}
