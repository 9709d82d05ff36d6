package ai.materi.crdt;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes random edits, does them to a document here, and writes each down so that the oracle can do the same. */
final class RandomEdits {
    /** A value as it is here and as it travels. */
    private record Both(@Nullable Object here, @Nullable Object there) {
        static Both same(@Nullable Object value) {
            return new Both(value, value);
        }
    }

    static final List<List<Object>> ROOTS = List.of(
            List.of("rich", "text"),
            List.of("plain", "text"),
            List.of("list", "array"),
            List.of("map", "map"),
            List.of("xml", "fragment"));

    private static final List<String> KEYS = List.of("b", "i", "7", "link", "c");
    /** What words are made of. */
    enum Alphabet {
        /** No surrogates: then all peers end with equal content, in yjs too. */
        BASIC("a", "b", "hello ", "\n", "wörld", "日本", "long words typed in one go ", "é"),
        /** Pairs, which edits cut in half. */
        PAIRS("a", "b", "hello ", "\n", "wörld", "日本", "🙂", "👍🏽", "a🙂b", "é", "x🙃"),
        /** Halves of pairs, which yjs keeps in the author's own document only. */
        HALVES("a", "b", "🙂", "\uD83D", "\uDE42", "a\uD83D", "\uDE42b");

        @SuppressWarnings("ImmutableEnumChecker") // as List.of makes it
        private final List<String> words;

        Alphabet(String... words) {
            this.words = List.of(words);
        }
    }

    /**
     * What may be edited and put in.
     *
     * @param roots which of {@link #ROOTS}
     */
    record Repertoire(Alphabet alphabet, List<List<Object>> roots, boolean subDocuments, boolean hooks) {
        /** Everything, everywhere. */
        static Repertoire of(Alphabet alphabet) {
            return new Repertoire(alphabet, ROOTS, true, true);
        }
    }

    private final SplittableRandom random;
    private final Repertoire repertoire;

    RandomEdits(SplittableRandom random, Repertoire repertoire) {
        this.random = random;
        this.repertoire = repertoire;
    }

    static YType root(Doc doc, List<Object> root) {
        String name = (String) root.get(0);
        return switch ((String) root.get(1)) {
            case "text" -> doc.text(name);
            case "array" -> doc.array(name);
            case "map" -> doc.map(name);
            default -> doc.xmlFragment(name);
        };
    }

    /** A type, and how the oracle finds it. */
    record Place(YType type, List<Object> address) {}

    /** One edit of a random type of the document; adds what the oracle is to do. */
    void edit(Doc doc, List<Object> steps) {
        Place place = place(doc, steps);
        steps.add(edit(place.type, place.address));
    }

    /** A random type of the document; adds that the oracle is to know its root. */
    Place place(Doc doc, List<Object> steps) {
        List<Object> root = pick(repertoire.roots);
        YType type = root(doc, root);
        steps.add(step("touch", root));
        List<Object> address = root;
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            List<YType> inner = inner(type);
            if (inner.isEmpty()) {
                break;
            }
            type = pick(inner);
            Id id = type.id();
            if (id == null) {
                throw new IllegalStateException("a nested type has an id");
            }
            address = List.of(id.client(), id.clock());
        }
        return new Place(type, address);
    }

    private static List<YType> inner(YType type) {
        List<YType> out = new ArrayList<>();
        if (type instanceof YArray array) {
            array.toList().forEach(value -> addType(value, out));
        } else if (type instanceof YMap map) {
            map.toMap().values().forEach(value -> addType(value, out));
        } else if (type instanceof YXmlFragment fragment) {
            out.addAll(fragment.children());
        } else if (type instanceof YText text) {
            text.toDelta().forEach(insert -> addType(insert.insert(), out));
        }
        return out;
    }

    private static void addType(@Nullable Object value, List<YType> out) {
        if (value instanceof YType type) {
            out.add(type);
        }
    }

    private List<Object> edit(YType type, List<Object> address) {
        if (type instanceof YText text) {
            return editText(text, address);
        }
        if (type instanceof YArray array) {
            return editArray(array, address);
        }
        if (type instanceof YMap map) {
            return editMap(map, address);
        }
        return editXml((YXmlFragment) type, address);
    }

    // ---- text

    private List<Object> editText(YText text, List<Object> address) {
        boolean plain = address.get(0).equals("plain");
        int length = text.length();
        int roll = random.nextInt(plain ? 10 : 20);
        if (roll < 6 || length == 0) {
            int index = at(length);
            String word = word();
            text.insert(index, word);
            return step("insert", address, index, word);
        }
        if (roll < 10) {
            int index = random.nextInt(length);
            int count = 1 + random.nextInt(Math.min(length - index, random.nextInt(8) == 0 ? 40 : 5));
            text.delete(index, count);
            return step("delete", address, index, count);
        }
        if (roll < 12) {
            int index = at(length);
            String word = word();
            Map<String, @Nullable Object> attributes = attributes();
            text.insert(index, word, attributes);
            return step("insert", address, index, word, attributes);
        }
        if (roll < 16) {
            int index = random.nextInt(length);
            int count = 1 + random.nextInt(length - index);
            Map<String, @Nullable Object> attributes = attributes();
            text.format(index, count, attributes);
            return step("format", address, index, count, attributes);
        }
        if (roll < 18) {
            return embed(text, address, at(length));
        }
        if (roll == 18) {
            return setAttribute(text, address);
        }
        return delta(text, address);
    }

    private List<Object> embed(YText text, List<Object> address, int index) {
        Map<String, @Nullable Object> attributes = attributes();
        if (random.nextInt(3) == 0) {
            Both type = random.nextBoolean() ? type(1) : new Both(new YMap(), Map.of("$type", Map.of("kind", "map")));
            text.insertEmbed(index, require(type.here), attributes);
            return step("embed", address, index, type.there, attributes);
        }
        Map<String, @Nullable Object> image = object("image", "pic.png", "width", 1 + random.nextInt(3));
        text.insertEmbed(index, image, attributes);
        return step("embed", address, index, image, attributes);
    }

    private static Object require(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException();
        }
        return value;
    }

    private List<Object> setAttribute(YText text, List<Object> address) {
        String key = pick(KEYS);
        if (random.nextInt(3) == 0) {
            text.removeAttribute(key);
            return step("unset", address, key);
        }
        Both value = value(1);
        text.setAttribute(key, value.here);
        return step("set", address, key, value.there);
    }

    private List<Object> delta(YText text, List<Object> address) {
        List<Delta> here = new ArrayList<>();
        List<Object> there = new ArrayList<>();
        int left = text.length();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int roll = random.nextInt(3);
            int count = 1 + random.nextInt(Math.max(1, Math.min(left, 6)));
            if (roll == 0 || left == 0) {
                Map<String, @Nullable Object> attributes = random.nextBoolean() ? attributes() : object();
                String word = word();
                here.add(new Delta.Insert(word, attributes));
                there.add(object("insert", word, "attributes", attributes));
            } else if (roll == 1) {
                Map<String, @Nullable Object> attributes = random.nextBoolean() ? attributes() : object();
                here.add(new Delta.Retain(count, attributes));
                there.add(object("retain", count, "attributes", attributes));
                left -= Math.min(left, count);
            } else {
                here.add(new Delta.Delete(count));
                there.add(object("delete", count));
                left -= Math.min(left, count);
            }
        }
        text.applyDelta(here);
        return step("delta", address, there);
    }

    private Map<String, @Nullable Object> attributes() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            out.put(pick(KEYS), attribute());
        }
        return out;
    }

    private @Nullable Object attribute() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> null;
            case 3, 4 -> true;
            case 5 -> "red";
            case 6 -> 1e7;
            case 7 -> object("href", "x");
            default -> object("deep", object("n", 0.1));
        };
    }

    // ---- arrays and maps

    private List<Object> editArray(YArray array, List<Object> address) {
        int length = array.length();
        int roll = random.nextInt(10);
        if (roll < 4 && length > 0) {
            int index = random.nextInt(length);
            int count = 1 + random.nextInt(Math.min(3, length - index));
            array.delete(index, count);
            return step("delete", address, index, count);
        }
        List<@Nullable Object> here = new ArrayList<>();
        List<@Nullable Object> there = new ArrayList<>();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            Both value = value(2);
            if (value.here != Undefined.INSTANCE && !(value.here instanceof BigInteger)) {
                here.add(value.here);
                there.add(value.there);
            }
        }
        if (roll == 9) {
            array.push(here);
            return step("push", address, there);
        }
        int index = at(length);
        array.insert(index, here);
        return step("values", address, index, there);
    }

    private List<Object> editMap(YMap map, List<Object> address) {
        String key = random.nextInt(20) == 0 ? "key " + random.nextInt(30) : pick(KEYS);
        if (random.nextInt(4) == 0) {
            map.delete(key);
            return step("unset", address, key);
        }
        Both value = value(2);
        map.set(key, value.here);
        return step("set", address, key, value.there);
    }

    // ---- XML

    private List<Object> editXml(YXmlFragment xml, List<Object> address) {
        int length = xml.length();
        int roll = random.nextInt(10);
        if (roll < 3 && xml instanceof YXmlElement element) {
            String key = pick(KEYS);
            if (random.nextInt(4) == 0) {
                element.removeAttribute(key);
                return step("unset", address, key);
            }
            Both value = random.nextInt(3) == 0 ? value(0) : Both.same(name());
            element.setAttribute(key, value.here);
            return step("set", address, key, value.there);
        }
        if (roll < 5 && length > 0) {
            int index = random.nextInt(length);
            int count = 1 + random.nextInt(Math.min(2, length - index));
            xml.delete(index, count);
            return step("delete", address, index, count);
        }
        List<YType> here = new ArrayList<>();
        List<Object> there = new ArrayList<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            Both node = node(2);
            here.add((YType) require(node.here));
            there.add(require(node.there));
        }
        int index = at(length);
        xml.insert(index, here);
        return step("values", address, index, there);
    }

    private Both node(int depth) {
        int roll = random.nextInt(10);
        if (roll == 0 && repertoire.hooks) {
            YXmlHook hook = new YXmlHook("hook");
            hook.set("k", "v");
            return new Both(hook, type("hook", "name", "hook", "content", List.of(List.of("k", "v"))));
        }
        if (roll < 5 || depth == 0) {
            return text(new YXmlText(), "xmltext");
        }
        YXmlElement element = new YXmlElement(pick(List.of("paragraph", "Heading", "li")));
        Map<String, Object> attributes = new LinkedHashMap<>();
        List<YType> children = new ArrayList<>();
        List<Object> there = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            attributes.put(pick(KEYS), name());
            Both child = node(depth - 1);
            children.add((YType) require(child.here));
            there.add(require(child.there));
        }
        JsValue.ordered(attributes).forEach(element::setAttribute);
        element.insert(0, children);
        return new Both(
                element, type("element", "name", element.nodeName(), "attributes", attributes, "content", there));
    }

    private Both text(YText text, String kind) {
        List<Object> inserts = new ArrayList<>();
        int length = 0;
        for (int n = random.nextInt(3); n > 0; n--) {
            int index = at(length);
            String word = word();
            length += word.length();
            if (random.nextBoolean()) {
                text.insert(index, word);
                inserts.add(List.of(index, word));
            } else {
                Map<String, @Nullable Object> attributes = attributes();
                text.insert(index, word, attributes);
                inserts.add(List.of(index, word, attributes));
            }
        }
        return new Both(text, type(kind, "content", inserts));
    }

    // ---- values

    private Both value(int depth) {
        return switch (random.nextInt(depth > 0 ? 18 : 12)) {
            case 0 -> new Both(null, null);
            case 1 -> new Both(Undefined.INSTANCE, Map.of("$undefined", 1));
            case 2 ->
                new Both(
                        new byte[] {1, 2, 3},
                        Map.of("$bytes", Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})));
            case 3 -> new Both(BigInteger.valueOf(-77), Map.of("$bigint", "-77"));
            case 4 -> new Both(-0.0, Map.of("$number", "-0"));
            case 5 -> number(pickNumber());
            case 6 -> number(random.nextInt());
            case 7 -> number(random.nextDouble() * 100);
            case 8 -> number((double) (float) random.nextDouble());
            case 9 -> Both.same(random.nextBoolean());
            case 10, 11 -> Both.same(name());
            case 12 -> Both.same(Arrays.asList(1, "two", null, List.of(3)));
            case 13 -> Both.same(object("z", 1, "a", object("10", 2.5)));
            case 14 ->
                repertoire.subDocuments
                        ? new Both(new SubDocument("guid", Map.of()), Map.of("$doc", "guid"))
                        : Both.same(name());
            default -> type(depth - 1);
        };
    }

    private double pickNumber() {
        double[] all = {0, 1e7, 2147483647d, 2147483648d, -2147483647d, 1e21, 0.1, 1e-7, 9007199254740992d, -1};
        return all[random.nextInt(all.length)];
    }

    private static Both number(double value) {
        return new Both(JsNumber.of(value), JsNumber.of(value));
    }

    private Both type(int depth) {
        switch (random.nextInt(4)) {
            case 0 -> {
                Both value = value(depth);
                boolean refused = value.here == Undefined.INSTANCE || value.here instanceof BigInteger;
                List<@Nullable Object> here = refused ? List.of() : Arrays.asList(value.here);
                List<@Nullable Object> there = refused ? List.of() : Arrays.asList(value.there);
                return new Both(YArray.of(here), type("array", "content", there));
            }
            case 1 -> {
                YMap map = new YMap();
                Both value = value(depth);
                map.set("q", value.here);
                return new Both(map, type("map", "content", List.of(Arrays.asList("q", value.there))));
            }
            case 2 -> {
                return text(new YText(), "text");
            }
            default -> {
                return node(depth);
            }
        }
    }

    private String word() {
        return pick(repertoire.alphabet.words);
    }

    /**
     * A string that is a value. It has no halves of pairs: yjs shows those in the author's document until it is loaded
     * anew, here they are U+FFFD at once, as for everybody else.
     */
    private String name() {
        return pick((repertoire.alphabet == Alphabet.HALVES ? Alphabet.PAIRS : repertoire.alphabet).words);
    }

    private int at(int length) {
        return random.nextInt(3) == 0 ? length : random.nextInt(length + 1);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static List<Object> step(@Nullable Object... parts) {
        return java.util.Collections.unmodifiableList(Arrays.asList(parts));
    }

    private static Map<String, @Nullable Object> type(String kind, Object... fields) {
        Map<String, @Nullable Object> type = object(fields);
        type.put("kind", kind);
        return object("$type", type);
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... fields) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            out.put((String) require(fields[i]), fields[i + 1]);
        }
        return out;
    }

    // ---- reading

    /** A value as the oracle shows it; the order of keys, which differs between peers, may be sorted away. */
    static @Nullable Object show(@Nullable Object value, boolean sorted) {
        if (value == Undefined.INSTANCE) {
            return Map.of("$undefined", 1);
        }
        if (value instanceof BigInteger big) {
            return Map.of("$bigint", big.toString());
        }
        if (value instanceof Double number && (JsNumber.isNegativeZero(number) || !Double.isFinite(number))) {
            return Map.of("$number", JsNumber.isNegativeZero(number) ? "-0" : JsNumber.toString(number));
        }
        if (value instanceof byte[] bytes) {
            return Map.of("$bytes", Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof SubDocument doc) {
            return Map.of("$doc", doc.guid());
        }
        if (value instanceof YXmlText || value instanceof YXmlFragment) {
            return Map.of("$xml", value.toString());
        }
        if (value instanceof YText text) {
            List<Object> parts = new ArrayList<>();
            text.toDelta()
                    .forEach(part -> parts.add(step(show(part.insert(), sorted), show(part.attributes(), sorted))));
            return Map.of("$text", parts);
        }
        if (value instanceof YArray array) {
            return Map.of("$array", showAll(array.toList(), sorted));
        }
        if (value instanceof YMap map) {
            return Map.of("$map", showEntries(sorted ? new TreeMap<>(map.toMap()) : map.toMap(), sorted));
        }
        if (value instanceof List<?> list) {
            return showAll(list, sorted);
        }
        if (value instanceof Map<?, ?> map) {
            return Map.of("$object", showEntries(sorted ? new TreeMap<>(map) : map, sorted));
        }
        return value;
    }

    private static List<@Nullable Object> showAll(List<?> values, boolean sorted) {
        List<@Nullable Object> out = new ArrayList<>();
        values.forEach(value -> out.add(show(value, sorted)));
        return out;
    }

    private static List<Object> showEntries(Map<?, ?> map, boolean sorted) {
        List<Object> out = new ArrayList<>();
        map.forEach((key, value) -> out.add(step(key, show(value, sorted))));
        return out;
    }
}
