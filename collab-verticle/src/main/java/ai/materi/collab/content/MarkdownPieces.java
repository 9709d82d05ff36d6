package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Cuts inline content into what Markdown can show of it: pieces of equal marks, in order. */
final class MarkdownPieces {
    enum Kind {
        TEXT,
        CODE,
        IMAGE,
        BREAK,
        /** An address between angle brackets. */
        ADDRESS
    }

    /** A mark that Markdown can show; a link has an address. */
    record Mark(String name, String href, String title) {
        static final Mark BOLD = new Mark(Marks.BOLD, "", "");
        static final Mark ITALIC = new Mark(Marks.ITALIC, "", "");
        static final Mark STRIKE = new Mark(Marks.STRIKE, "", "");

        boolean isStar() {
            return name.equals(Marks.BOLD) || name.equals(Marks.ITALIC);
        }

        boolean isLink() {
            return name.equals(Marks.LINK);
        }
    }

    record Piece(
            Kind kind,
            String text,
            Set<Mark> marks,
            @Nullable Element image) {
        Piece with(String other, Set<Mark> otherMarks) {
            return new Piece(kind, other, otherMarks, image);
        }

        /** The first sign that is written, as far as its class goes. */
        int firstSign() {
            return kind == Kind.TEXT ? text.codePointAt(0) : kind == Kind.BREAK ? '\n' : '`';
        }

        int lastSign() {
            return kind == Kind.TEXT ? text.codePointBefore(text.length()) : kind == Kind.BREAK ? '\n' : '`';
        }

        boolean isBlank() {
            return kind == Kind.BREAK || (kind == Kind.TEXT && text.chars().allMatch(Flanking::isSpace));
        }

        boolean joins(Piece before) {
            return kind == before.kind && (kind == Kind.TEXT || kind == Kind.CODE) && marks.equals(before.marks);
        }

        @Nullable
        Mark link() {
            return marks.stream().filter(Mark::isLink).findFirst().orElse(null);
        }
    }

    private static final Pattern BLANK = Pattern.compile("\\s");
    private static final Pattern ADDRESS = Pattern.compile("(?i)(https?://|mailto:)[^\\s<>\\\\\\p{Cntrl}]*");
    private static final Pattern MAIL = Pattern.compile("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]+");

    private MarkdownPieces() {}

    static List<Piece> of(Inline inline) {
        List<Piece> pieces = new ArrayList<>();
        for (Inline.Span span : inline.spans()) {
            add(pieces, piece(span));
        }
        return addresses(withBlanksMarked(linked(pieces)));
    }

    /** Bare addresses are links to whoever reads this, so they are to whoever writes it. */
    private static List<Piece> linked(List<Piece> pieces) {
        List<Piece> result = new ArrayList<>();
        for (Piece piece : pieces) {
            int at = 0;
            for (Autolinks.Found link : isPlain(piece) ? Autolinks.in(piece.text()) : List.<Autolinks.Found>of()) {
                add(result, piece.with(piece.text().substring(at, link.from()), piece.marks()));
                Set<Mark> marks = new LinkedHashSet<>(Set.of(new Mark(Marks.LINK, link.href(), "")));
                marks.addAll(piece.marks());
                add(result, piece.with(piece.text().substring(link.from(), link.to()), marks));
                at = link.to();
            }
            add(result, at == 0 ? piece : piece.with(piece.text().substring(at), piece.marks()));
        }
        return result;
    }

    /**
     * Emphasis on white space cannot be seen, nor written at the edge of a word; so white space counts as emphasised
     * exactly where the words on both sides of it are.
     */
    private static List<Piece> withBlanksMarked(List<Piece> pieces) {
        List<Piece> cut = new ArrayList<>();
        pieces.forEach(piece -> cut(piece, cut));
        List<Piece> result = new ArrayList<>();
        Set<Mark> before = Set.of();
        for (int i = 0; i < cut.size(); i++) {
            Piece piece = cut.get(i);
            if (!piece.isBlank()) {
                before = piece.marks();
                add(result, piece);
                continue;
            }
            Set<Mark> marks = new LinkedHashSet<>(piece.marks());
            marks.removeIf(mark -> !mark.isLink());
            Set<Mark> both = new LinkedHashSet<>(before);
            both.retainAll(marksAfter(cut, i));
            both.stream().filter(mark -> !mark.isLink()).forEach(marks::add);
            add(result, piece.with(piece.text(), marks));
        }
        return result;
    }

    private static Set<Mark> marksAfter(List<Piece> pieces, int index) {
        int next = index + 1;
        while (next < pieces.size() && pieces.get(next).isBlank()) {
            next++;
        }
        return next < pieces.size() ? pieces.get(next).marks() : Set.of();
    }

    private static void cut(Piece piece, List<Piece> into) {
        String text = piece.text();
        if (piece.kind() != Kind.TEXT || piece.isBlank()) {
            into.add(piece);
            return;
        }
        int from = 0;
        while (Flanking.isSpace(text.charAt(from))) {
            from++;
        }
        int to = text.length();
        while (Flanking.isSpace(text.charAt(to - 1))) {
            to--;
        }
        for (String part : List.of(text.substring(0, from), text.substring(from, to), text.substring(to))) {
            if (!part.isEmpty()) {
                into.add(piece.with(part, piece.marks()));
            }
        }
    }

    static void add(List<Piece> pieces, Piece piece) {
        if (piece.kind() == Kind.TEXT && piece.text().isEmpty()) {
            return;
        }
        int last = pieces.size() - 1;
        if (last >= 0 && piece.joins(pieces.get(last))) {
            Piece before = pieces.get(last);
            pieces.set(last, before.with(before.text() + piece.text(), before.marks()));
        } else {
            pieces.add(piece);
        }
    }

    private static Piece piece(Inline.Span span) {
        Set<Mark> marks = marks(span.marks());
        Element object = span.object();
        if (object == null) {
            boolean code = span.marks().has(Marks.CODE);
            String text = code ? BLANK.matcher(span.text()).replaceAll(" ") : span.text();
            return new Piece(code ? Kind.CODE : Kind.TEXT, text, marks, null);
        }
        if (object.is(Element.HARD_BREAK)) {
            return new Piece(Kind.BREAK, "\n", marks, null);
        }
        if (object.is(Element.IMAGE)) {
            return new Piece(Kind.IMAGE, "", marks, object);
        }
        return new Piece(Kind.TEXT, Shown.label(object), marks, null);
    }

    private static Set<Mark> marks(Marks marks) {
        if (marks.isEmpty()) {
            return Set.of();
        }
        Set<Mark> shown = new LinkedHashSet<>();
        String href = marks.href();
        if (!href.isEmpty() && Urls.safeLink(href)) {
            String title = marks.value(Marks.LINK) instanceof Map<?, ?> link ? Values.text(link.get("title")) : "";
            shown.add(new Mark(Marks.LINK, href, title));
        }
        List.of(Mark.STRIKE, Mark.BOLD, Mark.ITALIC).stream()
                .filter(mark -> marks.has(mark.name()))
                .forEach(shown::add);
        return shown;
    }

    /** Links that say just where they lead lose their markup where the bare address reads as the same link. */
    private static List<Piece> addresses(List<Piece> pieces) {
        if (pieces.stream().noneMatch(p -> p.link() != null)) {
            return pieces;
        }
        StringBuilder scan = new StringBuilder();
        int[] starts = new int[pieces.size()];
        for (int i = 0; i < pieces.size(); i++) {
            boolean readable = isAddress(pieces, i) || isPlain(pieces.get(i));
            boolean joins = i > 0 && readable && unlinked(pieces.get(i)).equals(unlinked(pieces.get(i - 1)));
            scan.append(joins ? "" : "\n");
            starts[i] = scan.length();
            scan.append(readable ? pieces.get(i).text() : "\n");
        }
        Set<Autolinks.Found> bare = Set.copyOf(Autolinks.in(scan.toString()));
        List<Piece> result = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            add(result, isAddress(pieces, i) ? address(pieces.get(i), starts[i], bare) : pieces.get(i));
        }
        return result;
    }

    private static Set<Mark> unlinked(Piece piece) {
        return piece.marks().stream().filter(m -> !m.isLink()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isPlain(Piece piece) {
        return piece.kind() == Kind.TEXT && piece.link() == null;
    }

    private static boolean isAddress(List<Piece> pieces, int index) {
        Mark link = pieces.get(index).link();
        return link != null
                && link.title().isEmpty()
                && pieces.get(index).kind() == Kind.TEXT
                && Autolinks.reads(pieces.get(index).text(), link.href())
                && (index == 0 || !link.equals(pieces.get(index - 1).link()))
                && (index == pieces.size() - 1
                        || !link.equals(pieces.get(index + 1).link()));
    }

    private static Piece address(Piece piece, int at, Set<Autolinks.Found> bare) {
        Mark link = piece.link();
        String href = link == null ? "" : link.href();
        Set<Mark> others = unlinked(piece);
        if (bare.contains(new Autolinks.Found(at, at + piece.text().length(), href))) {
            return piece.with(piece.text(), others);
        }
        boolean fits = ADDRESS.matcher(href).matches()
                && (piece.text().equals(href) || MAIL.matcher(piece.text()).matches());
        return fits ? new Piece(Kind.ADDRESS, piece.text(), others, null) : piece;
    }
}
