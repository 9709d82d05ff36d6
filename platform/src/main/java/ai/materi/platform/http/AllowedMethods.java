package ai.materi.platform.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The {@code Allow} of a 405 (RFC 9110, 15.5.6), which a mounted router does not hand up. */
final class AllowedMethods {
    private record Rule(Pattern path, Set<HttpMethod> methods) {}

    private final List<Rule> rules;

    private AllowedMethods(List<Rule> rules) {
        this.rules = rules;
    }

    static AllowedMethods of(Router router) {
        return new AllowedMethods(router.getRoutes().stream()
                .map(AllowedMethods::rule)
                .filter(Objects::nonNull)
                .toList());
    }

    /** By the path below the mount. */
    String at(String path) {
        Set<String> names = new TreeSet<>();
        for (Rule rule : rules) {
            if (rule.path().matcher(path).matches()) {
                rule.methods().forEach(method -> names.add(method.name()));
            }
        }
        return String.join(", ", names);
    }

    private static @Nullable Rule rule(Route route) {
        if (route.methods() == null || route.methods().isEmpty() || route.getPath() == null) {
            return null;
        }
        return new Rule(pattern(route), route.methods());
    }

    private static Pattern pattern(Route route) {
        String template = List.of(route.getPath().split("/", -1)).stream()
                .map(part -> part.startsWith(":") ? "[^/]+" : Pattern.quote(part.replace("*", "")))
                .collect(Collectors.joining("/"));
        return Pattern.compile(template + (route.isExactPath() ? "/?" : ".*"));
    }
}
