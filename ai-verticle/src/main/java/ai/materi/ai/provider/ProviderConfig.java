package ai.materi.ai.provider;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * An OpenAI-compatible endpoint: an item of {@code ai.providers}.
 *
 * @param baseUrl up to and without {@code /chat/completions}
 * @param apiKey empty for endpoints that want none
 * @param firstTokenTimeout from the request to the first piece of text
 * @param idleTimeout between two pieces
 * @param longestRetryAfter a 429 that asks for more is not waited for
 * @param attempts before the first token; nothing is tried again after it
 */
public record ProviderConfig(
        String name,
        String baseUrl,
        String apiKey,
        List<String> models,
        Duration connectTimeout,
        Duration firstTokenTimeout,
        Duration idleTimeout,
        Duration longestRetryAfter,
        int attempts) {

    /** Reads an item of {@code ai.providers}. */
    public static ProviderConfig from(Settings settings) {
        String name = settings.string("name");
        if (!name.matches("[a-z][a-z0-9-]{0,31}") || name.equals("local")) {
            throw new ConfigException(
                    "ai.providers: a name is made of a-z, 0-9 and '-', and is not 'local': '" + name + "'");
        }
        List<String> models = settings.strings("models");
        if (models.isEmpty()) {
            throw new ConfigException("ai.providers: '" + name + "' names no models");
        }
        return new ProviderConfig(
                name,
                url(name, settings.string("base_url")),
                settings.secret("api_key").orElse(""),
                models,
                settings.duration("connect_timeout"),
                settings.duration("first_token_timeout"),
                settings.duration("idle_timeout"),
                settings.duration("longest_retry_after"),
                settings.integer("attempts", 1, 10));
    }

    private static String url(String name, String url) {
        try {
            String scheme = new URI(url).getScheme();
            if ("http".equals(scheme) || "https".equals(scheme)) {
                return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
            }
        } catch (URISyntaxException e) {
            throw new ConfigException("ai.providers: base_url of '" + name + "' is not a URL: " + e.getMessage());
        }
        throw new ConfigException(
                "ai.providers: base_url of '" + name + "' starts with http:// or https://, not '" + url + "'");
    }
}
