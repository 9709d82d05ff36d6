package ai.materi.collab.content;

import java.util.regex.Pattern;

/** Markdown that is still coming in, made fit to be shown: what cannot be told yet is held back or closed for now. */
final class Streamed {
    /** A last line that may yet turn out to be a marker, a rule, an underline or a table. */
    private static final Pattern UNDECIDED = Pattern.compile("[\\s>#*+\\-=_~`|:.0-9()\\[\\]xX!<&\\\\]*");
    /** Signs at the end that may yet turn out to be markup. */
    private static final Pattern TAIL = Pattern.compile("[*_~`\\[\\]!<&\\\\]+$");

    private static final Pattern FENCE = Pattern.compile("(?m)^ {0,3}(?:```|~~~)");

    private Streamed() {}

    static String shown(String source) {
        int line = source.lastIndexOf('\n') + 1;
        boolean code = FENCE.matcher(source.substring(0, line)).results().count() % 2 == 1;
        String last = source.substring(line);
        if (UNDECIDED.matcher(last).matches() || last.startsWith("|")) {
            return source.substring(0, line);
        }
        if (code) {
            return source;
        }
        return closed(TAIL.matcher(source).replaceFirst(""));
    }

    /** Closes what is open in the last paragraph. */
    private static String closed(String source) {
        int paragraph = source.lastIndexOf("\n\n") + 1;
        String text = source.substring(paragraph);
        StringBuilder closing = new StringBuilder();
        for (String mark : new String[] {"`", "**", "~~"}) {
            boolean inCode = closing.indexOf("`") >= 0;
            if (!inCode && count(text, mark) % 2 == 1) {
                closing.append(mark);
            }
        }
        return closing.isEmpty() ? source : source.stripTrailing() + closing;
    }

    private static int count(String text, String mark) {
        int count = 0;
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length())) {
            count++;
        }
        return count;
    }
}
