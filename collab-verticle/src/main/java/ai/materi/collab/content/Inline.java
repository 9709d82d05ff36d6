package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inline content of a text block: an immutable sequence of UTF-16 units with marks, in which an inline element
 * counts one unit ({@code '\n'} for a hard break, U+FFFC for any other). A span remembers the unit of the live block that
 * it was read from, so that a merged sequence says by itself what was kept and what is new.
 */
final class Inline {
    static final char OBJECT = '\uFFFC';
    static final Inline EMPTY = new Inline(List.of());

    /** A stretch with equal marks. {@code origin}: its first unit in the live block, or −1 when it is new. */
    record Span(String text, Marks marks, @Nullable Element object, int origin) {
        Span part(int from, int to) {
            return new Span(text.substring(from, to), marks, object, origin < 0 ? -1 : origin + from);
        }

        Span withMarks(Marks other) {
            return new Span(text, other, object, origin);
        }

        private boolean continues(Span before, int lengthBefore) {
            boolean follows = before.origin < 0 ? origin < 0 : before.origin + lengthBefore == origin;
            return follows && object == null && before.object == null && marks.equals(before.marks);
        }
    }

    private final List<Span> spans;
    private final int[] starts;
    private final String text;

    private Inline(List<Span> spans) {
        this.spans = spans;
        this.starts = new int[spans.size() + 1];
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < spans.size(); i++) {
            starts[i] = all.length();
            all.append(spans.get(i).text());
        }
        starts[spans.size()] = all.length();
        this.text = all.toString();
    }

    static Inline of(String text) {
        return new Builder().text(text, Marks.NONE).build();
    }

    List<Span> spans() {
        return spans;
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    boolean hasObject(String name) {
        return spans.stream()
                .anyMatch(s -> s.object() != null && s.object().name().equals(name));
    }

    /** The span that holds the unit at an index. */
    Span at(int index) {
        return spans.get(spanAt(index));
    }

    Marks marksAt(int index) {
        return at(index).marks();
    }

    /** How many units from an index on have the same marks, as far as its span goes. */
    int stretch(int index) {
        return starts[spanAt(index) + 1] - index;
    }

    private int spanAt(int index) {
        int low = 0;
        int high = spans.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    Inline slice(int from, int to) {
        Builder part = new Builder();
        for (int i = from < to ? spanAt(from) : spans.size(); i < spans.size() && starts[i] < to; i++) {
            int start = Math.max(from, starts[i]) - starts[i];
            int end = Math.min(to, starts[i + 1]) - starts[i];
            part.add(spans.get(i).part(start, end));
        }
        return part.build();
    }

    Inline plus(Inline other) {
        return new Builder().add(this).add(other).build();
    }

    /** The same content as something new, which no live block holds yet. */
    Inline anew() {
        Builder copy = new Builder();
        spans.forEach(s -> copy.add(new Span(
                s.text(), s.marks(), s.object() == null ? null : s.object().anew(), -1)));
        return copy.build();
    }

    /** The same content, remembered as the units of a live block from its start. */
    Inline asOrigin() {
        Builder copy = new Builder();
        int at = 0;
        for (Span span : spans) {
            copy.add(new Span(span.text(), span.marks(), span.object(), at));
            at += span.text().length();
        }
        return copy.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Inline that && spans.equals(that.spans);
    }

    @Override
    public int hashCode() {
        return spans.hashCode();
    }

    @Override
    public String toString() {
        return spans.toString();
    }

    /** Gathers spans and joins neighbours that continue each other. */
    static final class Builder {
        private final List<Span> spans = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private @Nullable Span last;

        Builder text(String added, Marks marks) {
            return add(new Span(added, marks, null, -1));
        }

        /** An inline element; it carries no marks, because y-prosemirror keeps none for it. */
        Builder object(Element object) {
            String unit = object.name().equals(Element.HARD_BREAK) ? "\n" : String.valueOf(OBJECT);
            return add(new Span(unit, Marks.NONE, object, -1));
        }

        Builder add(Inline inline) {
            inline.spans.forEach(this::add);
            return this;
        }

        Builder add(Span span) {
            if (span.text().isEmpty()) {
                return this;
            }
            Span before = last;
            if (before == null || !span.continues(before, text.length())) {
                finishLast();
                last = span;
            }
            text.append(span.text());
            return this;
        }

        private void finishLast() {
            Span before = last;
            if (before != null) {
                spans.add(new Span(text.toString(), before.marks(), before.object(), before.origin()));
                text.setLength(0);
                last = null;
            }
        }

        Inline build() {
            finishLast();
            return spans.isEmpty() ? EMPTY : new Inline(List.copyOf(spans));
        }
    }
}
