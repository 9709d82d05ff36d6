package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object on their way into a record. Every reader refuses what is missing, of another type or outside
 * its bounds with {@code invalid_field} and the member's JSON pointer (RFC 6901); {@link #end} refuses what nobody asked
 * for, so that a misspelt field is never silently ignored. A null member counts as absent.
 */
public final class Fields {
    private final String pointer;
    private final Map<String, @Nullable Object> members;
    private final Set<String> taken = new HashSet<>();

    private Fields(String pointer, Map<String, @Nullable Object> members) {
        this.pointer = pointer;
        this.members = members;
    }

    /** Fails with {@code malformed_json}, or {@code invalid_field} when it is not an object. */
    public static Fields parse(Buffer body) {
        return of("#", StrictJson.parse(body));
    }

    static Fields none() {
        return new Fields("#", Map.of());
    }

    @SuppressWarnings("unchecked") // StrictJson makes no other maps
    private static Fields of(String pointer, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new Fields(pointer, (Map<String, @Nullable Object>) map);
        }
        throw invalid(pointer, "A JSON object is expected here.");
    }

    static String pointer(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** The problem for one member, named by its pointer. */
    public static Problem invalid(String pointer, String detail) {
        return Problem.of(ProblemCode.INVALID_FIELD, detail, Map.of("pointer", pointer));
    }

    public Problem invalidMember(String name, String detail) {
        return invalid(pointer(pointer, name), detail);
    }

    /** The problem for this object as a whole. */
    public Problem invalidObject(String detail) {
        return invalid(pointer, detail);
    }

    /** Whether the member stands there, even as null. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    private @Nullable Object take(String name) {
        taken.add(name);
        return members.get(name);
    }

    /** Text of {@code min} to {@code max} UTF-16 units. */
    public String text(String name, int min, int max) {
        return optionalText(name, min, max)
                .orElseThrow(() -> invalidMember(name, "'" + name + "' is required and is text."));
    }

    public Optional<String> optionalText(String name, int min, int max) {
        @Nullable Object value = take(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw invalidMember(name, "'" + name + "' is text.");
        }
        if (text.length() < min || text.length() > max) {
            throw invalidMember(name, "'" + name + "' has " + min + " to " + max + " characters.");
        }
        return Optional.of(text);
    }

    /** Text for one line: trimmed, not blank, without control characters. */
    public Optional<String> optionalLine(String name, int max) {
        Optional<String> line = optionalText(name, 0, Integer.MAX_VALUE).map(String::strip);
        line.ifPresent(text -> requireLine(name, text, max));
        return line;
    }

    public String line(String name, int max) {
        return optionalLine(name, max)
                .orElseThrow(() -> invalidMember(name, "'" + name + "' is required and is text."));
    }

    private void requireLine(String name, String text, int max) {
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > max) {
            throw invalidMember(name, "'" + name + "' has 1 to " + max + " characters.");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw invalidMember(name, "'" + name + "' is one line without control characters.");
        }
    }

    public Optional<UUID> optionalUuid(String name) {
        return optionalText(name, 0, 100)
                .map(text -> Ids.parse(text).orElseThrow(() -> invalidMember(name, "'" + name + "' is a UUID.")));
    }

    public boolean flag(String name, boolean otherwise) {
        @Nullable Object value = take(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw invalidMember(name, "'" + name + "' is true or false.");
    }

    public int integer(String name, int min, int max) {
        @Nullable Object value = take(name);
        if (value instanceof Long number && number >= min && number <= max) {
            return number.intValue();
        }
        throw invalidMember(name, "'" + name + "' is required and is a whole number from " + min + " to " + max + ".");
    }

    /** One of the words; the constant is named like the word in upper case. */
    public <E extends Enum<E>> Optional<E> optionalChoice(String name, Class<E> kind, Set<E> allowed) {
        return optionalText(name, 0, 100)
                .map(word -> allowed.stream()
                        .filter(e -> e.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst()
                        .orElseThrow(() -> invalidMember(name, "'" + name + "' is one of " + words(allowed) + ".")));
    }

    private static <E extends Enum<E>> String words(Set<E> allowed) {
        return String.join(
                ", ",
                allowed.stream()
                        .sorted()
                        .map(e -> e.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    public Optional<Fields> optionalObject(String name) {
        @Nullable Object value = take(name);
        return value == null ? Optional.empty() : Optional.of(of(pointer(pointer, name), value));
    }

    public Fields object(String name) {
        return optionalObject(name)
                .orElseThrow(() -> invalidMember(name, "'" + name + "' is required and is an object."));
    }

    public List<Fields> objects(String name, int min, int max) {
        if (!(take(name) instanceof List<?> items)) {
            throw invalidMember(name, "'" + name + "' is required and is a list.");
        }
        if (items.size() < min || items.size() > max) {
            throw invalidMember(name, "'" + name + "' has " + min + " to " + max + " items.");
        }
        List<Fields> objects = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            objects.add(of(pointer(pointer, name) + "/" + i, items.get(i)));
        }
        return objects;
    }

    /** The member, an object, as JSON text again; for formats that are JSON themselves. */
    public Optional<String> optionalJson(String name) {
        @Nullable Object value = take(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map) {
            return Optional.of(json(map).encode());
        }
        throw invalidMember(name, "'" + name + "' is an object in this format.");
    }

    private static JsonObject json(Map<?, ?> map) {
        JsonObject object = new JsonObject();
        map.forEach((name, value) -> object.put(String.valueOf(name), jsonValue(value)));
        return object;
    }

    private static @Nullable Object jsonValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return json(map);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(item -> array.add(jsonValue(item)));
            return array;
        }
        return value;
    }

    /** Refuses members that no reader asked for. */
    public void end() {
        for (String name : members.keySet()) {
            if (!taken.contains(name)) {
                throw invalidMember(name, "There is no field '" + shortened(name) + "' here.");
            }
        }
    }

    private static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "…";
    }
}
