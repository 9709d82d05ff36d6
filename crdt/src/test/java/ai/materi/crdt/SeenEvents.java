package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Observes types here and in the oracle, and writes what is told down in the oracle's form. */
final class SeenEvents {
    private final List<Object> seen = new ArrayList<>();

    /** What was told since it was last asked, as JSON. */
    String take() {
        String json = Json.stringify(seen);
        seen.clear();
        return json;
    }

    /** From now on; computing what changed or not, for computing may change the document. */
    void observe(YType type, List<Object> address, boolean ownComputed, boolean deepComputed) {
        type.observe(event -> seen.add(List.of("own", address, shown(event, ownComputed))));
        type.observeDeep(events -> seen.add(List.of(
                "deep",
                address,
                events.stream().map(event -> shown(event, deepComputed)).toList())));
    }

    private static List<Object> shown(YEvent event, boolean computed) {
        if (!computed) {
            return List.of(event.path());
        }
        YEvent.Changes changes = event.changes();
        List<Object> keys = new ArrayList<>();
        changes.keys().forEach((key, change) -> keys.add(shown(key, change)));
        return List.of(
                event.path(), changes.delta().stream().map(SeenEvents::shown).toList(), keys);
    }

    private static Object shown(String key, KeyChange change) {
        boolean added = change.action() == KeyChange.Action.ADD;
        String action = change.action().name().toLowerCase(Locale.ROOT);
        return step(key, action, RandomEdits.show(added ? Undefined.INSTANCE : change.oldValue(), false));
    }

    private static Object shown(Delta step) {
        if (step instanceof Delta.Delete delete) {
            return step("delete", delete.length());
        }
        if (step instanceof Delta.Retain retain) {
            return step("retain", retain.length(), attributes(retain.attributes()));
        }
        Delta.Insert insert = (Delta.Insert) step;
        return step("insert", RandomEdits.show(insert.insert(), false), attributes(insert.attributes()));
    }

    private static @Nullable Object attributes(Map<String, @Nullable Object> attributes) {
        return RandomEdits.show(attributes, false);
    }

    private static List<@Nullable Object> step(@Nullable Object... parts) {
        return Arrays.asList(parts);
    }
}
