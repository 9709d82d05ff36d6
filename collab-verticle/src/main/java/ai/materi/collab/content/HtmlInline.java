package ai.materi.collab.content;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Gathers the inline content of one HTML block: marks by the elements that are open, white space as browsers show it. */
final class HtmlInline {
    private static final Map<String, String> MARKS = Map.ofEntries(
            Map.entry("strong", Marks.BOLD),
            Map.entry("b", Marks.BOLD),
            Map.entry("em", Marks.ITALIC),
            Map.entry("i", Marks.ITALIC),
            Map.entry("s", Marks.STRIKE),
            Map.entry("del", Marks.STRIKE),
            Map.entry("strike", Marks.STRIKE),
            Map.entry("code", Marks.CODE),
            Map.entry("kbd", Marks.CODE),
            Map.entry("samp", Marks.CODE),
            Map.entry("tt", Marks.CODE),
            Map.entry("u", "underline"),
            Map.entry("ins", "underline"),
            Map.entry("sub", "subscript"),
            Map.entry("sup", "superscript"),
            Map.entry("mark", "highlight"));

    /** What an open element means for the text in it. */
    private record State(Marks marks, boolean keepsBlanks) {}

    private record Part(Inline.Span span, boolean keepsBlanks) {}

    private final Deque<State> open = new ArrayDeque<>(List.of(new State(Marks.NONE, false)));
    private final List<Part> parts = new ArrayList<>();

    void text(String text) {
        State state = open.element();
        parts.add(new Part(new Inline.Span(Bounds.clean(text), state.marks(), null, -1), state.keepsBlanks()));
    }

    /** Takes in an inline element; true when it stays open for what it contains. */
    boolean open(org.jsoup.nodes.Element element) {
        State state = open.element();
        switch (element.normalName()) {
            case "br" -> object(Element.hardBreak());
            case "img" -> image(element);
            default ->
                open.push(new State(marked(element, state.marks()), state.keepsBlanks() || keepsBlanks(element)));
        }
        return !element.normalName().equals("br") && !element.normalName().equals("img");
    }

    void close(boolean opened) {
        if (opened) {
            open.pop();
        }
    }

    private static boolean keepsBlanks(org.jsoup.nodes.Element element) {
        return element.attr("style").matches("(?is).*white-space\\s*:\\s*(pre|pre-wrap|break-spaces)\\s*(;.*)?");
    }

    private static Marks marked(org.jsoup.nodes.Element element, Marks marks) {
        String mark = MARKS.get(element.normalName());
        if (mark != null) {
            boolean undone = element.attr("style").matches("(?is).*font-(weight|style)\\s*:\\s*normal.*");
            return undone ? marks : marks.with(mark, Map.of());
        }
        String href = element.normalName().equals("a") ? element.attr("href").strip() : "";
        return href.isEmpty() || !Urls.safeLink(href)
                ? marks
                : marks.with(Marks.LINK, Fit.link(href, element.attr("title")));
    }

    private void image(org.jsoup.nodes.Element element) {
        String src = element.attr("src").strip();
        if (!src.isEmpty() && Urls.safeImage(src)) {
            object(MarkdownInlineParser.image(src, element.attr("alt"), element.attr("title")));
        } else {
            text(element.attr("alt"));
        }
    }

    private void object(Element object) {
        Inline one = new Inline.Builder().object(object).build();
        parts.add(new Part(one.at(0), true));
    }

    /** Ends the text so far as a paragraph, if there is any. */
    void endParagraph(List<Element> into) {
        Inline inline = end();
        if (!inline.isEmpty()) {
            into.add(Element.paragraph(inline));
        }
    }

    /** The text so far, its white space collapsed; what follows starts anew under the same open elements. */
    Inline end() {
        Inline.Builder out = new Inline.Builder();
        boolean blankBefore = true;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.keepsBlanks()) {
                out.add(part.span());
                blankBefore = isBreak(part.span());
                continue;
            }
            StringBuilder text = new StringBuilder();
            for (char c : part.span().text().toCharArray()) {
                boolean blank = isBlank(c);
                if (!blank || !blankBefore) {
                    text.append(blank ? ' ' : c);
                }
                blankBefore = blank;
            }
            String kept = endsLine(i) ? withoutLastBlank(text) : text.toString();
            out.text(kept, part.span().marks());
        }
        parts.clear();
        return out.build();
    }

    private static String withoutLastBlank(StringBuilder text) {
        int last = text.length() - 1;
        return last >= 0 && text.charAt(last) == ' ' ? text.substring(0, last) : text.toString();
    }

    /** Whether nothing but blanks stands between this part's end and the end of its line. */
    private boolean endsLine(int index) {
        for (int i = index + 1; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (isBreak(part.span())) {
                return true;
            }
            if (part.keepsBlanks() || !part.span().text().chars().allMatch(c -> isBlank((char) c))) {
                return false;
            }
        }
        return true;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static boolean isBreak(Inline.Span span) {
        return span.object() != null && span.object().is(Element.HARD_BREAK);
    }
}
