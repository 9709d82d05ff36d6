package ai.materi.crdt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prints an XML tree as yjs does. However deep it nests, there is one loop: what is still to be printed waits on a stack,
 * strings as they are and types until their turn.
 */
final class XmlPrinter {
    private final StringBuilder out = new StringBuilder();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private final List<Object> parts = new ArrayList<>();

    private XmlPrinter() {}

    static String print(YType type) {
        XmlPrinter printer = new XmlPrinter();
        printer.waiting.push(type);
        while (!printer.waiting.isEmpty()) {
            printer.step(printer.waiting.pop());
        }
        return printer.out.toString();
    }

    private void step(Object next) {
        if (!(next instanceof YType type)) {
            out.append(next);
            return;
        }
        parts.clear();
        expand(type);
        for (int i = parts.size() - 1; i >= 0; i--) {
            waiting.push(parts.get(i));
        }
    }

    private void expand(YType type) {
        if (type instanceof YXmlText text) {
            text.toDelta().forEach(this::insertion);
        } else if (type instanceof YText text) {
            parts.add(text.plainText());
        } else if (type instanceof YXmlElement element) {
            element(element);
        } else if (type instanceof YXmlFragment fragment) {
            children(fragment);
        } else {
            parts.add("[object Object]");
        }
    }

    private void element(YXmlElement element) {
        String name = element.nodeName().toLowerCase(Locale.ROOT);
        parts.add("<" + name);
        new TreeMap<>(element.attributes()).forEach((key, value) -> {
            parts.add(" " + key + "=\"");
            value(value);
            parts.add("\"");
        });
        parts.add(">");
        children(element);
        parts.add("</" + name + ">");
    }

    private void children(YXmlFragment fragment) {
        if (!fragment.isAttached()) {
            parts.addAll(fragment.children());
            return;
        }
        for (Object child : Sequences.list(fragment)) {
            value(child);
        }
    }

    private void value(@Nullable Object value) {
        parts.add(value instanceof YType ? value : JsValue.toText(value));
    }

    private void insertion(Delta.Insert insert) {
        Collection<String> names = new ArrayList<>(insert.attributes().keySet());
        List<String> nodes = names.stream().sorted().toList();
        for (String node : nodes) {
            parts.add("<" + node + attributes(insert.attributes().get(node)) + ">");
        }
        value(insert.insert());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            parts.add("</" + nodes.get(i) + ">");
        }
    }

    /** A format's value as attributes: an object's fields, a list's items, a string's characters. */
    private static String attributes(@Nullable Object value) {
        Map<String, String> sorted = new TreeMap<>(Comparator.naturalOrder());
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, field) -> sorted.put(String.valueOf(key), JsValue.toText(field)));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                sorted.put(Integer.toString(i), JsValue.toText(list.get(i)));
            }
        } else if (value instanceof String text) {
            for (int i = 0; i < text.length(); i++) {
                sorted.put(Integer.toString(i), text.substring(i, i + 1));
            }
        }
        StringBuilder out = new StringBuilder();
        sorted.forEach((key, text) ->
                out.append(' ').append(key).append("=\"").append(text).append('"'));
        return out.toString();
    }
}
