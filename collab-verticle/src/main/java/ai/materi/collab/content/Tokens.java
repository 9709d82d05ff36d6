package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;

/** Inline content cut into words, stretches of white space, and single signs, ideographs and inline elements. */
final class Tokens {
    private final List<String> texts = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();

    private final Format format;
    private final boolean fine;

    private enum Kind {
        WORD,
        SPACE,
        SINGLE
    }

    Tokens(Inline inline, Format format, boolean fine) {
        this.format = format;
        this.fine = fine;
        int at = 0;
        for (Inline.Span span : inline.spans()) {
            if (span.object() != null) {
                add(key(span.object()), at);
            }
            at += span.text().length();
        }
        if (texts.isEmpty()) {
            cut(inline.text(), 0, inline.length());
        } else {
            between(inline);
        }
        starts.add(inline.length());
    }

    private void between(Inline inline) {
        texts.clear();
        starts.clear();
        int from = 0;
        int at = 0;
        for (Inline.Span span : inline.spans()) {
            if (span.object() != null) {
                cut(inline.text(), from, at);
                add(key(span.object()), at);
                from = at + 1;
            }
            at += span.text().length();
        }
        cut(inline.text(), from, at);
    }

    private void add(String token, int start) {
        texts.add(token);
        starts.add(start);
    }

    private void cut(String text, int from, int to) {
        for (int i = from; i < to; ) {
            Kind kind = kind(text.codePointAt(i));
            int end = i + Character.charCount(text.codePointAt(i));
            while (!fine && kind != Kind.SINGLE && end < to && kind(text.codePointAt(end)) == kind) {
                end += Character.charCount(text.codePointAt(end));
            }
            add(text.substring(i, Math.min(end, to)), i);
            i = end;
        }
    }

    private static Kind kind(int codePoint) {
        if (codePoint == '\n' || Character.isIdeographic(codePoint)) {
            return Kind.SINGLE;
        }
        if (Flanking.isSpace(codePoint)) {
            return Kind.SPACE;
        }
        boolean letter = Character.isLetterOrDigit(codePoint) || codePoint == '_' || codePoint == '\'';
        boolean joins = switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT -> true;
            default -> false;
        };
        return letter || joins ? Kind.WORD : Kind.SINGLE;
    }

    /** What makes two inline elements the same to a reader. */
    private String key(Element object) {
        if (object.is(Element.HARD_BREAK)) {
            return format == Format.TEXT ? "\n" : Element.HARD_BREAK;
        }
        if (object.is(Element.IMAGE)) {
            return "\uFFFC" + object.attribute("src") + "\n" + object.attribute("alt") + "\n"
                    + object.attribute("title");
        }
        return "\uFFFC" + object.name() + "\n" + JsonText.of(object.attributes());
    }

    List<String> texts() {
        return texts;
    }

    int size() {
        return texts.size();
    }

    /** Where a token starts, in units; for the number of tokens the length of the content. */
    int start(int token) {
        return starts.get(token);
    }
}
