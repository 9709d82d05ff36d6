package ai.materi.platform.http;

import java.util.Map;

/**
 * The answer of {@code /readyz} before it is written.
 *
 * @param ready whether traffic should be sent here
 * @param dependencies each by name with {@code up}, or with what is wrong with it
 */
public record Readiness(boolean ready, Map<String, String> dependencies) {
    public Readiness {
        dependencies = Map.copyOf(dependencies);
    }
}
