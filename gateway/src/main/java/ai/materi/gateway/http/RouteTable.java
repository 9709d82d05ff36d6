package ai.materi.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint for a path by walking its segments through a tree, so that the price of a request does not grow with
 * the number of routes. A trailing slash is the same path; empty segments and percent-escapes are in no path of ours.
 */
public final class RouteTable {
    private static final int MAX_PATH = 1024;

    /** What a path leads to. */
    public sealed interface Match {
        record Found(Endpoint endpoint, Map<String, String> parameters) implements Match {}

        /** A path that takes other methods: those, as the header {@code Allow} lists them. */
        record OtherMethod(String allow) implements Match {}

        record Unknown() implements Match {}
    }

    private static final Match UNKNOWN = new Match.Unknown();

    private static final class Segment {
        final Map<String, Segment> literals = new HashMap<>();
        final Map<HttpMethod, Endpoint> endpoints = new HashMap<>();

        @Nullable
        Segment parameter;
    }

    private final Segment root = new Segment();
    private final List<Endpoint> endpoints;

    public RouteTable(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        endpoints.forEach(this::add);
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    private void add(Endpoint endpoint) {
        Segment at = root;
        for (String name : segments(endpoint.path())) {
            at = isParameter(name) ? parameterOf(at) : at.literals.computeIfAbsent(name, n -> new Segment());
        }
        if (at.endpoints.put(endpoint.method(), endpoint) != null) {
            throw new IllegalArgumentException("Two endpoints for " + endpoint.method() + " " + endpoint.path());
        }
    }

    private static Segment parameterOf(Segment at) {
        if (at.parameter == null) {
            at.parameter = new Segment();
        }
        return at.parameter;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** HEAD finds what GET finds. */
    public Match match(HttpMethod method, String path) {
        if (path.length() > MAX_PATH || path.indexOf('%') >= 0) {
            return UNKNOWN;
        }
        List<String> segments = segments(path);
        @Nullable Segment at = root;
        for (int i = 0; i < segments.size() && at != null; i++) {
            @Nullable Segment literal = at.literals.get(segments.get(i));
            at = literal != null ? literal : segments.get(i).isEmpty() ? null : at.parameter;
        }
        return at == null || at.endpoints.isEmpty() ? UNKNOWN : atPath(at, method, segments);
    }

    private static Match atPath(Segment at, HttpMethod method, List<String> segments) {
        @Nullable Endpoint endpoint = at.endpoints.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
        return endpoint == null
                ? new Match.OtherMethod(allow(at))
                : new Match.Found(endpoint, parameters(endpoint, segments));
    }

    private static Map<String, String> parameters(Endpoint endpoint, List<String> values) {
        if (endpoint.path().indexOf('{') < 0) {
            return Map.of();
        }
        List<String> names = segments(endpoint.path());
        Map<String, String> found = new HashMap<>(4);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (isParameter(name)) {
                found.put(name.substring(1, name.length() - 1), values.get(i));
            }
        }
        return found;
    }

    private static String allow(Segment at) {
        TreeSet<String> names =
                at.endpoints.keySet().stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new));
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        names.add("OPTIONS");
        return String.join(", ", names);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(8);
        int end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
        int from = 1;
        while (from <= end) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            segments.add(path.substring(from, to));
            from = to + 1;
        }
        return segments;
    }
}
