package ai.materi.ai;

import ai.materi.ai.provider.ProviderConfig;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The section {@code ai}.
 *
 * @param defaultModel {@code provider/model}; empty for the first model of the first provider
 * @param agentName of the agent that types into documents
 * @param longestPrompt in characters
 * @param longestContext characters of a document that are sent to a model
 * @param longestOutput characters of one generation; over it the generation ends with an error
 * @param longestRun after which a generation is ended with an error
 * @param runsAtOnce on this node
 * @param runsAtOncePerUser on this node
 * @param keepEnded how long the events of an ended generation can be replayed from memory
 */
record AriaConfig(
        String defaultModel,
        String agentName,
        int longestPrompt,
        int longestContext,
        int longestOutput,
        Duration longestRun,
        int runsAtOnce,
        int runsAtOncePerUser,
        Duration keepEnded,
        List<ProviderConfig> providers) {

    static AriaConfig from(Settings settings) {
        List<ProviderConfig> providers = settings.sections("providers").stream()
                .map(ProviderConfig::from)
                .toList();
        Set<String> names = new HashSet<>();
        for (ProviderConfig provider : providers) {
            if (!names.add(provider.name())) {
                throw new ConfigException("ai.providers: two providers are named '" + provider.name() + "'");
            }
        }
        return new AriaConfig(
                settings.optional("default_model").orElse(""),
                settings.string("agent_name"),
                settings.integer("longest_prompt", 1, 1_000_000),
                settings.integer("longest_context", 100, 10_000_000),
                settings.integer("longest_output", 100, 10_000_000),
                settings.duration("longest_run"),
                settings.integer("runs_at_once", 1, 100_000),
                settings.integer("runs_at_once_per_user", 1, 10_000),
                settings.duration("keep_ended"),
                providers);
    }
}
