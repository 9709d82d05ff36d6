package ai.materi.collab.content;

import ai.materi.platform.problem.Problem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads ProseMirror's JSON. Node types are not held against a schema, because that is the editors' own; the shape is.
 * Refusals name the place as a JSON pointer (RFC 6901).
 */
final class ProseMirrorParser {
    private static final int LONGEST_NAME = 100;

    private int nodes;

    private ProseMirrorParser() {}

    static List<Element> parse(String json) {
        Map<String, Object> root = object(json);
        if (!"doc".equals(root.get("type"))) {
            throw invalid("/type", "the root must be a node of type \"doc\"");
        }
        ProseMirrorParser parser = new ProseMirrorParser();
        List<Element> blocks = new ArrayList<>();
        parser.content(root, "").forEach(node -> blocks.add(parser.block(node, 1)));
        return blocks;
    }

    private static Map<String, Object> object(String json) {
        try {
            return new JsonObject(json).getMap();
        } catch (DecodeException e) {
            throw Bounds.invalid("The content is not a JSON object.");
        } catch (ClassCastException e) {
            throw invalid("", "a JSON object is expected");
        }
    }

    /** A node with the place where it stands. */
    private record Placed(Map<String, Object> node, String place, String type) {}

    private List<Placed> content(Map<String, Object> node, String place) {
        Object content = node.get("content");
        if (content == null) {
            return List.of();
        }
        List<?> items = list(content, place + "/content");
        List<Placed> placed = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Bounds.checkNodes(++nodes);
            String at = place + "/content/" + i;
            Map<String, Object> child = map(items.get(i), at);
            placed.add(new Placed(child, at, name(child.get("type"), at + "/type")));
        }
        return placed;
    }

    private Element block(Placed block, int depth) {
        if (depth > Bounds.DEPTH) {
            throw invalid(block.place(), "nested more than " + Bounds.DEPTH + " levels deep");
        }
        if (block.type().equals("text")) {
            throw invalid(block.place(), "text must stand inside a block");
        }
        Map<String, Object> attributes = attributes(block.node(), block.place());
        List<Placed> children = content(block.node(), block.place());
        boolean text =
                Element.TEXT_BLOCKS.contains(block.type()) || children.stream().anyMatch(ProseMirrorParser::isInline);
        if (text) {
            return Element.text(block.type(), attributes, inline(children, depth));
        }
        List<Element> blocks = new ArrayList<>(children.size());
        children.forEach(child -> blocks.add(block(child, depth + 1)));
        return Element.node(block.type(), attributes, blocks);
    }

    private static boolean isInline(Placed child) {
        return child.type().equals("text") || LiveTree.INLINE.contains(child.type());
    }

    private Inline inline(List<Placed> children, int depth) {
        Inline.Builder out = new Inline.Builder();
        for (Placed child : children) {
            if (child.type().equals("text")) {
                out.text(text(child), marks(child));
            } else {
                out.object(block(child, depth + 1));
            }
        }
        return out.build();
    }

    private static String text(Placed node) {
        if (!(node.node().get("text") instanceof String text) || text.isEmpty()) {
            throw invalid(node.place() + "/text", "a text node needs a text that is not empty");
        }
        return wellFormed(text, node.place() + "/text").replace('\0', '\uFFFD');
    }

    private static String wellFormed(String text, String place) {
        if (!Bounds.wellFormed(text).equals(text)) {
            throw invalid(place, "a lone surrogate is no text");
        }
        return text;
    }

    private Marks marks(Placed node) {
        Object value = node.node().get("marks");
        if (value == null) {
            return Marks.NONE;
        }
        String place = node.place() + "/marks";
        List<?> items = list(value, place);
        Map<String, Object> marks = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Bounds.checkNodes(++nodes);
            Map<String, Object> mark = map(items.get(i), place + "/" + i);
            String name = name(mark.get("type"), place + "/" + i + "/type");
            Map<String, Object> attributes = nullable(mark, place + "/" + i);
            marks.put(marks.containsKey(name) ? name + "--" + hash(attributes) : name, attributes);
        }
        return Marks.of(marks);
    }

    /** What keeps several marks of one name apart; y-prosemirror reads any eight signs of Base64. */
    private static String hash(Map<String, Object> attributes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(JsonText.of(attributes).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The attributes without those that are null, which mean a default. */
    private static Map<String, Object> attributes(Map<String, Object> node, String place) {
        Map<String, Object> attributes = new LinkedHashMap<>(nullable(node, place));
        attributes.values().removeIf(java.util.Objects::isNull);
        return Values.map(attributes);
    }

    private static Map<String, Object> nullable(Map<String, Object> node, String place) {
        Object value = node.get("attrs");
        if (value == null) {
            return Map.of();
        }
        Map<String, Object> result = new LinkedHashMap<>();
        map(value, place + "/attrs").forEach((k, v) -> result.put(k, plain(v, place + "/attrs/" + escaped(k), 0)));
        return Values.map(result);
    }

    private static @Nullable Object plain(@Nullable Object value, String place, int depth) {
        if (depth > Bounds.DEPTH) {
            throw invalid(place, "nested more than " + Bounds.DEPTH + " levels deep");
        }
        Object unwrapped = unwrapped(value);
        if (unwrapped instanceof Map<?, ?> map) {
            Map<String, Object> result = new LinkedHashMap<>();
            map.forEach((k, v) ->
                    result.put(String.valueOf(k), plain(v, place + "/" + escaped(String.valueOf(k)), depth + 1)));
            return Values.map(result);
        }
        if (unwrapped instanceof List<?> list) {
            List<@Nullable Object> result = new ArrayList<>();
            list.forEach(item -> result.add(plain(item, place + "/" + result.size(), depth + 1)));
            return java.util.Collections.unmodifiableList(result);
        }
        return unwrapped instanceof String text ? wellFormed(text, place) : number(unwrapped);
    }

    /** Numbers as JavaScript has them. */
    private static @Nullable Object number(@Nullable Object value) {
        if (!(value instanceof Number number)) {
            return value;
        }
        double d = number.doubleValue();
        boolean whole = d == Math.rint(d) && Math.abs(d) < 1L << 53;
        return whole ? (Object) (long) d : (Object) d;
    }

    private static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof JsonObject object
                ? object.getMap()
                : value instanceof JsonArray array ? array.getList() : value;
    }

    private static String name(@Nullable Object value, String place) {
        if (value instanceof String name && !name.isEmpty() && name.length() <= LONGEST_NAME) {
            return wellFormed(name, place);
        }
        throw invalid(place, "a name of 1 to " + LONGEST_NAME + " signs is expected");
    }

    private static List<?> list(Object value, String place) {
        if (unwrapped(value) instanceof List<?> list) {
            return list;
        }
        throw invalid(place, "an array is expected");
    }

    private static Map<String, Object> map(@Nullable Object value, String place) {
        if (unwrapped(value) instanceof Map<?, ?> map) {
            Map<String, Object> result = new LinkedHashMap<>();
            map.forEach((k, v) -> result.put(String.valueOf(k), v));
            return result;
        }
        throw invalid(place, "an object is expected");
    }

    private static String escaped(String key) {
        String name = key.length() > LONGEST_NAME ? key.substring(0, LONGEST_NAME) : key;
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static Problem invalid(String place, String detail) {
        return Problem.of(
                ai.materi.platform.problem.ProblemCode.CONTENT_INVALID,
                "At \"" + place + "\": " + detail + ".",
                Map.of("pointer", place));
    }
}
