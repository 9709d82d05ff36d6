package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Observes types and undo managers here and in the oracle, and writes what is told down in the oracle's form. */
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

    /** What happens to the stacks of a manager, from now on. */
    void observe(UndoManager manager) {
        manager.onStackChange(event -> seen.add(shown(event, manager)));
    }

    private static Object shown(StackEvent event, UndoManager manager) {
        if (event instanceof StackEvent.Added added) {
            return step("added", shown(added.stack()), origin(added.origin(), manager), named(added.changed()));
        }
        if (event instanceof StackEvent.Updated updated) {
            return step("updated", shown(updated.stack()), origin(updated.origin(), manager), named(updated.changed()));
        }
        if (event instanceof StackEvent.Popped popped) {
            return step("popped", shown(popped.stack()), "manager", named(popped.changed()));
        }
        StackEvent.Cleared cleared = (StackEvent.Cleared) event;
        return step("cleared", cleared.undo(), cleared.redo());
    }

    private static List<Object> named(Set<YType> types) {
        List<Object> names = new ArrayList<>();
        for (YType type : types) {
            names.add(type.rootName() == null ? String.valueOf(type.id()) : type.rootName());
        }
        return names;
    }

    private static String shown(StackEvent.Stack stack) {
        return stack.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object origin(@Nullable Object origin, UndoManager manager) {
        return origin == manager ? "manager" : origin;
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
