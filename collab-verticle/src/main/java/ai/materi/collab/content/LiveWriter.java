package ai.materi.collab.content;

import ai.materi.crdt.Delta;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes live elements as little as needed. Positions are those of the content that was read; changes go from the end
 * to the start, so that what is still to be done stays where it was.
 */
final class LiveWriter {
    /** A text node and where it begins in the block's content. */
    private record TextAt(YText text, int child, int start) {}

    private final YXmlElement live;
    private final Inline present;

    private LiveWriter(YXmlElement live, Inline present) {
        this.live = live;
        this.present = present;
    }

    static void revise(YXmlElement live, Element present, Element next) {
        attributes(live, present.attributes(), next.attributes());
        if (present.inline() != null
                && next.inline() != null
                && !present.inline().equals(next.inline())) {
            new LiveWriter(live, present.inline()).inline(next.inline());
        }
    }

    private static void attributes(YXmlElement live, Map<String, Object> present, Map<String, Object> next) {
        present.keySet().stream().filter(key -> !next.containsKey(key)).forEach(live::removeAttribute);
        next.forEach((key, value) -> {
            if (!value.equals(present.get(key))) {
                live.setAttribute(key, value);
            }
        });
    }

    private void inline(Inline next) {
        if (TextDeltas.apply(live.children(), present, next)) {
            return;
        }
        int end = present.length();
        List<Inline.Span> fresh = new ArrayList<>();
        for (int i = next.spans().size() - 1; i >= 0; i--) {
            Inline.Span span = next.spans().get(i);
            if (span.origin() < 0) {
                fresh.add(0, span);
                continue;
            }
            int keptTo = span.origin() + span.text().length();
            exchange(keptTo, end, fresh);
            fresh = new ArrayList<>();
            format(span);
            end = span.origin();
        }
        exchange(0, end, fresh);
    }

    private void exchange(int from, int to, List<Inline.Span> fresh) {
        delete(from, to);
        if (!fresh.isEmpty()) {
            insert(from, fresh);
        }
    }

    private List<TextAt> texts() {
        List<TextAt> texts = new ArrayList<>();
        List<YType> nodes = live.children();
        int at = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof YText text) {
                texts.add(new TextAt(text, i, at));
                at += text.length();
            } else {
                at++;
            }
        }
        return texts;
    }

    private void delete(int from, int to) {
        if (from == to) {
            return;
        }
        List<YType> nodes = live.children();
        int[] starts = new int[nodes.size() + 1];
        for (int i = 0; i < nodes.size(); i++) {
            starts[i + 1] = starts[i] + (nodes.get(i) instanceof YText text ? text.length() : 1);
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            int begin = Math.max(from, starts[i]);
            int end = Math.min(to, starts[i + 1]);
            if (begin < end && nodes.get(i) instanceof YText text) {
                text.delete(begin - starts[i], end - begin);
            } else if (begin < end) {
                live.delete(i, 1);
            }
        }
    }

    private void format(Inline.Span kept) {
        int at = kept.origin();
        int end = at + kept.text().length();
        while (at < end && kept.object() == null) {
            Marks had = present.marksAt(at);
            int stop = at + 1;
            while (stop < end && present.marksAt(stop).equals(had)) {
                stop++;
            }
            Map<String, @Nullable Object> change = difference(had, kept.marks());
            if (!change.isEmpty()) {
                format(at, stop, change);
            }
            at = stop;
        }
    }

    private void format(int from, int to, Map<String, @Nullable Object> change) {
        for (TextAt text : texts()) {
            int begin = Math.max(from, text.start());
            int end = Math.min(to, text.start() + text.text().length());
            if (begin < end) {
                text.text().format(begin - text.start(), end - begin, change);
            }
        }
    }

    static Map<String, @Nullable Object> difference(Marks had, Marks next) {
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        had.values().keySet().stream()
                .filter(k -> !next.values().containsKey(k))
                .forEach(k -> change.put(k, null));
        next.values().forEach((key, value) -> {
            if (!value.equals(had.values().get(key))) {
                change.put(key, value);
            }
        });
        return change;
    }

    private void insert(int at, List<Inline.Span> fresh) {
        TextAt into = textAt(at);
        int plain = 0;
        while (plain < fresh.size() && fresh.get(plain).object() == null) {
            plain++;
        }
        if (into == null) {
            live.insert(childAt(at), nodes(fresh));
            return;
        }
        int offset = write(into.text(), at - into.start(), fresh.subList(0, plain));
        if (plain < fresh.size()) {
            split(into, offset, fresh.subList(plain, fresh.size()));
        }
    }

    /** The text node in which a position lies, rather the one that ends there than the one that starts there. */
    private @Nullable TextAt textAt(int at) {
        TextAt starting = null;
        for (TextAt text : texts()) {
            int end = text.start() + text.text().length();
            if (text.start() < at && at <= end) {
                return text;
            }
            starting = text.start() == at && starting == null ? text : starting;
        }
        return starting;
    }

    private int childAt(int at) {
        int position = 0;
        List<YType> nodes = live.children();
        for (int i = 0; i < nodes.size(); i++) {
            if (position >= at) {
                return i;
            }
            position += nodes.get(i) instanceof YText text ? text.length() : 1;
        }
        return nodes.size();
    }

    private static int write(YText text, int at, List<Inline.Span> spans) {
        List<Delta> steps = new ArrayList<>();
        steps.add(new Delta.Retain(at));
        int offset = at;
        for (Inline.Span span : spans) {
            steps.add(new Delta.Insert(span.text(), span.marks().values()));
            offset += span.text().length();
        }
        text.applyDelta(steps);
        return offset;
    }

    /** Puts inline elements into the middle of a text: what stood behind them moves into a text node of its own. */
    private void split(TextAt into, int offset, List<Inline.Span> fresh) {
        Inline.Builder content = new Inline.Builder();
        fresh.forEach(content::add);
        int at = 0;
        for (Delta.Insert insert : into.text().toDelta()) {
            String text = insert.insert() instanceof String s ? s : String.valueOf(Inline.OBJECT);
            int from = Math.max(0, offset - at);
            if (from < text.length()) {
                content.text(text.substring(from), Marks.of(withoutNulls(insert.attributes())));
            }
            at += text.length();
        }
        into.text().delete(offset, into.text().length() - offset);
        live.insert(into.child() + 1, nodes(content.build().spans()));
    }

    private static Map<String, Object> withoutNulls(Map<String, ?> attributes) {
        Map<String, Object> known = new LinkedHashMap<>();
        attributes.forEach((key, value) -> {
            if (value != null) {
                known.put(key, value);
            }
        });
        return known;
    }

    static List<YType> created(List<Element> elements) {
        List<YType> nodes = new ArrayList<>(elements.size());
        elements.forEach(element -> nodes.add(created(element)));
        return nodes;
    }

    private static YXmlElement created(Element element) {
        YXmlElement node = new YXmlElement(element.name());
        element.attributes().forEach(node::setAttribute);
        node.push(
                element.inline() == null
                        ? created(element.children())
                        : nodes(element.inline().spans()));
        return node;
    }

    private static List<YType> nodes(List<Inline.Span> spans) {
        List<YType> nodes = new ArrayList<>();
        List<Delta> runs = new ArrayList<>();
        for (Inline.Span span : spans) {
            if (span.object() == null) {
                runs.add(new Delta.Insert(span.text(), span.marks().values()));
            } else {
                text(runs, nodes);
                nodes.add(created(span.object()));
            }
        }
        text(runs, nodes);
        return nodes;
    }

    /** One text node of all runs: written in one pass, however many they are. */
    private static void text(List<Delta> runs, List<YType> into) {
        if (!runs.isEmpty()) {
            YXmlText text = new YXmlText();
            text.applyDelta(runs);
            into.add(text);
            runs.clear();
        }
    }
}
