package ai.materi.collab.content;

import ai.materi.collab.content.MarkdownPieces.Kind;
import ai.materi.collab.content.MarkdownPieces.Mark;
import ai.materi.collab.content.MarkdownPieces.Piece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes inline content as GFM so that a parser reads the same back.
 *
 * <p>The content is cut into pieces of equal marks, and marks are opened and closed like brackets, the one that lasts
 * longest outermost. CommonMark knows no emphasis that starts or ends with white space, so where a delimiter would stand
 * next to a blank, the blank is taken out of the mark and the marks are laid out anew. Where a delimiter run could not
 * open or close between its neighbours (CommonMark 0.31, 6.2, "left- and right-flanking"), or would melt into the run
 * before it, an empty comment is put between.
 */
final class MarkdownInline {
    /** Where the text stands, for what must be escaped there. */
    enum Place {
        PARAGRAPH,
        HEADING,
        CELL
    }

    /** What is written: a piece, or the opening or closing of a mark. */
    private record Token(
            @Nullable Piece piece, int index, @Nullable Mark mark, boolean opens) {
        boolean isEmphasis() {
            return mark != null && !mark.isLink();
        }

        String delimiter() {
            String name = mark == null ? "" : mark.name();
            return name.equals(Marks.BOLD) ? "**" : name.equals(Marks.ITALIC) ? "*" : "~~";
        }

        boolean runsOn(Token next) {
            return next.isEmphasis()
                    && next.opens == opens
                    && next.delimiter().charAt(0) == delimiter().charAt(0);
        }
    }

    private static final String SEPARATOR = "<!-- -->";
    private static final int FARTHEST = 1_000;
    private static final int ROUNDS = 20;

    private final Place place;
    private final boolean manyLines;
    private final StringBuilder out = new StringBuilder();
    private boolean laterLine;
    private boolean afterDelimiter;

    private MarkdownInline(Place place, boolean manyLines) {
        this.place = place;
        this.manyLines = manyLines;
    }

    static String render(Inline inline, Place place) {
        List<Piece> pieces = MarkdownPieces.of(inline);
        List<Token> tokens = tokens(pieces);
        for (int round = 0; round < ROUNDS && tokens.size() > pieces.size(); round++) {
            List<Piece> trimmed = trimmed(pieces, tokens);
            if (trimmed.equals(pieces)) {
                break;
            }
            pieces = trimmed;
            tokens = tokens(pieces);
        }
        boolean manyLines = place == Place.PARAGRAPH && inline.hasObject(Element.HARD_BREAK);
        String text = new MarkdownInline(place, manyLines).write(tokens);
        boolean block = place == Place.PARAGRAPH && text.equals("<br>");
        return block ? text + SEPARATOR : text;
    }

    private static List<Token> tokens(List<Piece> pieces) {
        List<Token> tokens = new ArrayList<>();
        Deque<Mark> open = new ArrayDeque<>();
        for (int i = 0; i < pieces.size(); i++) {
            Set<Mark> wanted = pieces.get(i).marks();
            while (!wanted.containsAll(open)) {
                tokens.add(new Token(null, i, open.pop(), false));
            }
            if (isAmbiguous(pieces, i, opening(pieces, i, open), open, closedHere(tokens))) {
                while (open.stream().anyMatch(Mark::isStar)) {
                    tokens.add(new Token(null, i, open.pop(), false));
                }
            }
            for (Mark mark : opening(pieces, i, open)) {
                open.push(mark);
                tokens.add(new Token(null, i, mark, true));
            }
            tokens.add(new Token(pieces.get(i), i, null, false));
        }
        while (!open.isEmpty()) {
            tokens.add(new Token(null, pieces.size(), open.pop(), false));
        }
        return tokens;
    }

    private static boolean closedHere(List<Token> tokens) {
        return !tokens.isEmpty() && tokens.get(tokens.size() - 1).piece() == null;
    }

    /**
     * Whether a run of stars that is to open inside of other stars could be taken for one that closes them (it is
     * right-flanking, too): then those are closed before, and opened again together with it.
     */
    private static boolean isAmbiguous(
            List<Piece> pieces, int index, List<Mark> opening, Deque<Mark> open, boolean closedHere) {
        if (index == 0
                || opening.stream().noneMatch(Mark::isStar)
                || open.stream().noneMatch(Mark::isStar)) {
            return false;
        }
        int before = closedHere ? '*' : pieces.get(index - 1).lastSign();
        for (int i = 0; i < opening.size(); i++) {
            if (opening.get(i).isStar()) {
                boolean otherFollows = opening.stream().skip(i).anyMatch(mark -> !mark.isStar());
                int after = otherFollows ? '[' : pieces.get(index).firstSign();
                return !Flanking.isSpace(before) && (Flanking.isWord(before) || Flanking.isPunctuation(after));
            }
            before = '[';
        }
        return false;
    }

    private static List<Mark> opening(List<Piece> pieces, int index, Deque<Mark> open) {
        return pieces.get(index).marks().stream()
                .filter(mark -> !open.contains(mark))
                .sorted(Comparator.comparingInt(mark -> -lastsUntil(pieces, index, mark)))
                .toList();
    }

    private static int lastsUntil(List<Piece> pieces, int index, Mark mark) {
        int end = index;
        int farthest = Math.min(pieces.size(), index + FARTHEST);
        while (end < farthest && pieces.get(end).marks().contains(mark)) {
            end++;
        }
        return end;
    }

    /** Takes the blanks that stand next to a delimiter out of its mark. */
    private static List<Piece> trimmed(List<Piece> pieces, List<Token> tokens) {
        List<Set<Mark>> opened = new ArrayList<>();
        List<Set<Mark>> closed = new ArrayList<>();
        pieces.forEach(p -> {
            opened.add(new LinkedHashSet<>());
            closed.add(new LinkedHashSet<>());
        });
        for (Token token : tokens) {
            if (token.isEmphasis() && token.mark() != null) {
                (token.opens() ? opened.get(token.index()) : closed.get(token.index() - 1)).add(token.mark());
            }
        }
        List<Piece> result = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            trim(pieces.get(i), opened.get(i), closed.get(i), result);
        }
        return result;
    }

    private static void trim(Piece piece, Set<Mark> opened, Set<Mark> closed, List<Piece> into) {
        boolean blank = piece.kind() == Kind.TEXT || piece.kind() == Kind.BREAK;
        String text = piece.text();
        int from = blank && !opened.isEmpty() ? blanks(text, true) : 0;
        int to = blank && !closed.isEmpty() ? text.length() - blanks(text.substring(from), false) : text.length();
        part(piece, 0, from, opened, into);
        part(piece, from, to, Set.of(), into);
        part(piece, to, text.length(), closed, into);
        if (text.isEmpty()) {
            into.add(piece);
        }
    }

    private static void part(Piece piece, int from, int to, Set<Mark> without, List<Piece> into) {
        if (from < to) {
            Set<Mark> marks = new LinkedHashSet<>(piece.marks());
            marks.removeAll(without);
            MarkdownPieces.add(into, piece.with(piece.text().substring(from, to), marks));
        }
    }

    private static int blanks(String text, boolean atStart) {
        int count = 0;
        while (count < text.length() && Flanking.isSpace(text.charAt(atStart ? count : text.length() - 1 - count))) {
            count++;
        }
        return count;
    }

    private String write(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); ) {
            Token token = tokens.get(i);
            int end = i + 1;
            while (token.isEmphasis() && end < tokens.size() && token.runsOn(tokens.get(end))) {
                end++;
            }
            if (token.isEmphasis()) {
                delimiters(tokens.subList(i, end), end < tokens.size() ? first(tokens, end) : '\n');
            } else {
                out.append(markdown(tokens, i));
                afterDelimiter = false;
            }
            i = end;
        }
        return out.toString();
    }

    /** The first character that a token writes. */
    private int first(List<Token> tokens, int index) {
        Token token = tokens.get(index);
        String text = token.isEmphasis() ? token.delimiter() : markdown(tokens, index);
        return text.isEmpty() ? '\n' : text.codePointAt(0);
    }

    private void delimiters(List<Token> run, int after) {
        StringBuilder text = new StringBuilder();
        run.forEach(token -> text.append(token.delimiter()));
        int before = out.isEmpty() ? '\n' : out.codePointBefore(out.length());
        if (run.get(0).opens()) {
            boolean melts = afterDelimiter && before == text.charAt(0);
            boolean blocked = Flanking.isPunctuation(after) && Flanking.isWord(before);
            out.append(melts || blocked ? SEPARATOR : "").append(text);
        } else {
            boolean blocked = Flanking.isPunctuation(before) && Flanking.isWord(after);
            out.append(text).append(blocked ? SEPARATOR : "");
        }
        afterDelimiter = true;
    }

    private String markdown(List<Token> tokens, int index) {
        Token token = tokens.get(index);
        Piece piece = token.piece();
        if (piece == null) {
            return token.opens() ? "[" : closing(token.mark());
        }
        boolean ends = index == tokens.size() - 1;
        return switch (piece.kind()) {
            case TEXT -> MarkdownEscapes.text(piece.text(), context(tokens, index));
            case CODE -> code(piece.text());
            case IMAGE -> image(piece.image(), place);
            case ADDRESS -> "<" + piece.text() + ">";
            case BREAK -> lineBreak(ends);
        };
    }

    private MarkdownEscapes.Context context(List<Token> tokens, int index) {
        boolean starts = out.isEmpty() || out.charAt(out.length() - 1) == '\n';
        boolean ends = index == tokens.size() - 1 || isBreak(tokens.get(index + 1));
        return new MarkdownEscapes.Context(place, starts, ends, laterLine, manyLines);
    }

    private static boolean isBreak(Token token) {
        return token.piece() != null && token.piece().kind() == Kind.BREAK;
    }

    private String lineBreak(boolean ends) {
        boolean tag = place != Place.PARAGRAPH || ends;
        laterLine |= !tag;
        return tag ? "<br>" : "\\\n";
    }

    private String code(String text) {
        String fence = "`".repeat(longestRun(text, '`') + 1);
        boolean pad = text.startsWith("`")
                || text.endsWith("`")
                || (text.startsWith(" ") && text.endsWith(" ") && !text.isBlank());
        String shown = place == Place.CELL ? text.replace("|", "\\|") : text;
        return pad ? fence + " " + shown + " " + fence : fence + shown + fence;
    }

    static int longestRun(String text, char c) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == c ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    static String image(@Nullable Element image, Place place) {
        if (image == null) {
            return "";
        }
        String alt = MarkdownEscapes.plain(Values.text(image.attribute("alt")), place == Place.CELL);
        String src = Values.text(image.attribute("src"));
        String title = Values.text(image.attribute("title"));
        return "![" + alt + "](" + target(Urls.safeImage(src) ? src : "", title, place) + ")";
    }

    private String closing(@Nullable Mark link) {
        return link == null ? "" : "](" + target(link.href(), link.title(), place) + ")";
    }

    private static String target(String url, String title, Place place) {
        StringBuilder out = new StringBuilder(url.length() + 8);
        boolean simple = !url.isEmpty();
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            simple &= c > ' ' && c != 0x7F && "()<>\\".indexOf(c) < 0;
            if (c == '\n' || c == '\r' || c == '\t') {
                out.append(c == '\n' ? "%0A" : c == '\r' ? "%0D" : "%09");
            } else {
                out.append("\\<>&*_`~[]".indexOf(c) < 0 ? "" : "\\").append(c);
            }
        }
        String target = (simple ? out.toString() : "<" + out + ">") + title(title);
        return place == Place.CELL ? target.replace("|", "\\|") : target;
    }

    private static String title(String title) {
        String line = title.isEmpty() ? "" : title.replaceAll("\\s*\n\\s*", " ");
        return line.isEmpty() ? "" : " \"" + line.replaceAll("([\\\\\"&])", "\\\\$1") + "\"";
    }
}
