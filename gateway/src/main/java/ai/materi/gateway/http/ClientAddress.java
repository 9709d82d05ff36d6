package ai.materi.gateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request comes from, for counting: the peer, or behind proxies that the configuration names, the nearest address in
 * {@code X-Forwarded-For} that is not such a proxy; several lines of it are one list (RFC 9110, section 5.3). An IPv6
 * subscriber is its /64, since it can use every address in it.
 */
final class ClientAddress {
    /** Addresses of a list that are looked at, from its end: more proxies than that nobody has. */
    private static final int HOPS = 16;

    private static final int SUBSCRIBER_BYTES = 8;

    private final Set<String> proxies;

    ClientAddress(List<String> proxies) {
        this.proxies = Set.copyOf(proxies);
    }

    String of(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? "unknown"
                : of(request.remoteAddress().hostAddress(), request.headers().getAll("x-forwarded-for"));
    }

    /**
     * @param peer the other end of the connection
     * @param forwardedFor what it says in {@code X-Forwarded-For}, line by line
     */
    String of(String peer, List<String> forwardedFor) {
        return subscriber(proxies.contains(peer) ? forwarded(peer, forwardedFor) : peer);
    }

    private String forwarded(String peer, List<String> lines) {
        int hops = 0;
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            for (int end = line.length(); end >= 0 && hops < HOPS; hops++) {
                int comma = line.lastIndexOf(',', end - 1);
                String hop = line.substring(comma + 1, end).strip();
                if (!proxies.contains(hop)) {
                    return parsed(hop) == null ? peer : hop;
                }
                end = comma;
            }
        }
        return peer;
    }

    private static String subscriber(String address) {
        byte[] parsed = parsed(address);
        return parsed == null || parsed.length <= SUBSCRIBER_BYTES
                ? address
                : HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(parsed, SUBSCRIBER_BYTES)) + "::/64";
    }

    private static byte @Nullable [] parsed(String address) {
        return NetUtil.createByteArrayFromIpAddressString(address);
    }
}
