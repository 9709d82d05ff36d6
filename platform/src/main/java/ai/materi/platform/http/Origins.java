package ai.materi.platform.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which sites' pages may call (RFC 6454): the own one, and those on a list; {@code *} stands for all. A request without an
 * {@code Origin} does not come from a page and is not this class's concern.
 */
final class Origins {
    private final Set<String> allowed;

    Origins(Iterable<String> allowed) {
        this.allowed = java.util.stream.StreamSupport.stream(allowed.spliterator(), false)
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    static @Nullable String of(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.ORIGIN);
    }

    boolean allows(HttpServerRequest request, String origin) {
        return allows(origin, request.getHeader(HttpHeaders.HOST));
    }

    boolean allows(String origin, @Nullable String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return allowed.contains("*") || allowed.contains(lower) || isOwn(lower, host);
    }

    /** The scheme is not compared: TLS may end before this server. */
    private static boolean isOwn(String origin, @Nullable String host) {
        int authority = origin.indexOf("://");
        return host != null && authority > 0 && origin.substring(authority + 3).equals(host.toLowerCase(Locale.ROOT));
    }
}
