package ai.materi.collab.content;

import ai.materi.collab.content.MarkdownInline.Place;
import java.util.regex.Pattern;

/** What must be escaped so that text stays text (CommonMark 0.31, 2.4 and 2.5). */
final class MarkdownEscapes {
    /** Where a stretch of text stands in its line. */
    record Context(Place place, boolean startsLine, boolean endsLine, boolean laterLine, boolean manyLines) {
        static final Context INSIDE = new Context(Place.PARAGRAPH, false, false, false, false);
        static final Context CELL = new Context(Place.CELL, false, false, false, false);
    }

    private static final String ALWAYS = "\\`*~[]<";
    private static final Pattern NUMBER = Pattern.compile("^([0-9]{1,9})([.)])(?=\\s|$)");
    private static final Pattern STARTERS = Pattern.compile("^(?:#{1,6}(?=\\s|$)|[-+](?=\\s|$|-)|>)");

    private MarkdownEscapes() {}

    static String text(String text, Context context) {
        int start = context.startsLine() ? blanksAtStart(text) : 0;
        int end = context.endsLine() ? blanksAtEnd(text, start) : text.length();
        StringBuilder out = new StringBuilder(text.length() + 16);
        references(text, 0, start, out);
        if (start == 0 && context.startsLine()) {
            line(text.substring(0, end), context, out);
        } else {
            inner(text.substring(start, end), 0, context, out);
        }
        references(text, end, text.length(), out);
        return out.toString();
    }

    private static int blanksAtStart(String text) {
        int i = 0;
        while (i < text.length() && Flanking.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int blanksAtEnd(String text, int from) {
        int i = text.length();
        while (i > from && Flanking.isSpace(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static void references(String text, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            out.append("&#").append((int) text.charAt(i)).append(';');
        }
    }

    /** A stretch at the start of a line, where it must not look like the start of another block. */
    private static void line(String text, Context context, StringBuilder out) {
        var number = NUMBER.matcher(text);
        if (context.place() != Place.PARAGRAPH) {
            inner(text, 0, context, out);
        } else if (number.find()) {
            out.append(number.group(1)).append('\\').append(number.group(2));
            inner(text, number.end(), context, out);
        } else {
            boolean underline = context.laterLine() && !text.isEmpty() && "=-:|".indexOf(text.charAt(0)) >= 0;
            boolean escape = (underline && text.charAt(0) != '|')
                    || STARTERS.matcher(text).find();
            out.append(escape ? "\\" : "").append(escape ? text.charAt(0) : "");
            inner(text, escape ? 1 : 0, context, out);
        }
    }

    private static void inner(String text, int from, Context context, StringBuilder out) {
        int closing = context.place() == Place.HEADING && context.endsLine() ? closingHash(text) : -1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                references(text, i, i + 1, out);
            } else {
                out.append(isSpecial(text, i, context) || i == closing ? "\\" : "")
                        .append(c);
            }
        }
    }

    private static boolean isSpecial(String text, int i, Context context) {
        char c = text.charAt(i);
        if (ALWAYS.indexOf(c) >= 0) {
            return true;
        }
        boolean last = i == text.length() - 1;
        return switch (c) {
            case '_' -> i == 0 || last || !isWord(text, i - 1) || !isWord(text, i + 1);
            case '&' -> last || text.charAt(i + 1) == '#' || Character.isLetter(text.charAt(i + 1));
            case '!' -> last;
            case '|' -> context.place() == Place.CELL || context.manyLines();
            default -> false;
        };
    }

    private static boolean isWord(String text, int i) {
        return Flanking.isWord(text.charAt(i)) && text.charAt(i) != '_' && !Character.isSurrogate(text.charAt(i));
    }

    /** Where the trailing hashes of a heading begin, which would be taken for its closing sequence; else −1. */
    private static int closingHash(String text) {
        int i = text.length();
        while (i > 0 && text.charAt(i - 1) == '#') {
            i--;
        }
        return i < text.length() ? i : -1;
    }

    /** Text without any structure: alternative texts and titles. */
    static String plain(String text, boolean inCell) {
        return text(text, inCell ? Context.CELL : Context.INSIDE);
    }
}
