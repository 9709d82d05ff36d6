package ai.materi.platform.config;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that is wrong, gathered so that one boot names it all. */
final class Findings {
    private static final int SHOWN = 20;

    private final Set<String> lines = new LinkedHashSet<>();

    void add(Origin origin, String sentence) {
        lines.add(origin + ": " + sentence);
    }

    void throwIfAny() {
        if (lines.isEmpty()) {
            return;
        }
        String shown = lines.stream().limit(SHOWN).collect(Collectors.joining("\n"));
        throw new ConfigException(lines.size() > SHOWN ? shown + "\n… and " + (lines.size() - SHOWN) + " more" : shown);
    }
}
