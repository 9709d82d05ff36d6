package ai.materi.collab.wire;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * Which web pages may open a socket (RFC 6455, 10.2): those of this node itself and those of the configured origins.
 * Programs outside browsers send no origin and are let in; a token is needed either way.
 */
final class Origins {
    private static final String ANY = "*";

    private final Set<String> allowed;

    Origins(List<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    boolean allow(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null
                || allowed.contains(ANY)
                || allowed.contains(origin)
                || isOwn(origin, request.authority());
    }

    private static boolean isOwn(String origin, HostAndPort authority) {
        try {
            String host = URI.create(origin).getRawAuthority();
            return host != null && authority != null && host.equals(authority.toString());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
