package ai.materi.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request comes from, for counting: the peer, or behind proxies that the configuration names, the nearest address in
 * {@code X-Forwarded-For} that is not such a proxy. An IPv6 subscriber is its /64, since it can use every address in it.
 */
final class ClientAddress {
    private final Set<String> proxies;

    ClientAddress(List<String> proxies) {
        this.proxies = Set.copyOf(proxies);
    }

    String of(HttpServerRequest request) {
        String peer = request.remoteAddress() == null
                ? "unknown"
                : request.remoteAddress().hostAddress();
        return subscriber(proxies.contains(peer) ? forwarded(request, peer) : peer);
    }

    private String forwarded(HttpServerRequest request, String peer) {
        @Nullable String header = request.getHeader("x-forwarded-for");
        if (header == null) {
            return peer;
        }
        List<String> hops = List.of(header.split(",", 32));
        for (int i = hops.size() - 1; i >= 0; i--) {
            String hop = hops.get(i).strip();
            if (!proxies.contains(hop)) {
                return hop.length() <= 45 ? hop : peer;
            }
        }
        return peer;
    }

    private static String subscriber(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.split(":", 9);
        return groups.length < 8 ? address : String.join(":", List.of(groups).subList(0, 4)) + "::/64";
    }
}
