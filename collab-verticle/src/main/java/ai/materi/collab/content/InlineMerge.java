package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Merges the inline content of one block three ways, by words. The caller's changes are stretches of words that it
 * replaced between base and target; each is carried over to the present content. It conflicts where others replaced a
 * word of the same stretch. Insertions at one place both stand, those of others first. Words that the caller kept take
 * the marks that it gave or took.
 *
 * <p>For an agent that types, signs stand for words, so that what it has typed stays when a word grows, and its own
 * insertions come first, so that it goes on where it was.
 */
final class InlineMerge {
    /** Tokens [from, to) of the base stand as tokens [otherFrom, otherTo) on the other side. */
    private record Hunk(int from, int to, int otherFrom, int otherTo) {
        boolean overlaps(Hunk other) {
            if (from == to || other.from == other.to) {
                return from == to
                        ? from != other.from && other.from < from && from < other.to
                        : from < other.from && other.from < to;
            }
            return from < other.to && other.from < to;
        }
    }

    private final Rendering rendering;
    private final Rule rule;
    private final Inline base;
    private final Inline present;
    private final Inline target;
    private final Tokens baseTokens;
    private final Tokens presentTokens;
    private final Tokens targetTokens;
    private final int[] toPresent;
    private final int[] toTarget;
    private final List<Hunk> theirs;
    private final List<Hunk> ours;
    private final Inline.Builder out = new Inline.Builder();
    private boolean conflict;
    private boolean forced;
    private int written;

    private InlineMerge(Rendering rendering, Rule rule, Inline base, Inline present, Inline target) {
        this.rendering = rendering;
        this.rule = rule;
        this.base = base;
        this.present = present;
        this.target = target;
        this.baseTokens = new Tokens(base, rendering.format(), rule == Rule.OTHERS);
        this.presentTokens = new Tokens(present, rendering.format(), rule == Rule.OTHERS);
        this.targetTokens = new Tokens(target, rendering.format(), rule == Rule.OTHERS);
        this.toPresent = Alignment.match(baseTokens.texts(), presentTokens.texts());
        this.toTarget = Alignment.match(baseTokens.texts(), targetTokens.texts());
        this.theirs = hunks(toPresent, presentTokens.size());
        this.ours = hunks(toTarget, targetTokens.size());
    }

    /** The merged content; null when both sides changed the same words and the rule is to refuse. */
    static @Nullable Inline merge(Rendering rendering, Rule rule, Inline base, Inline present, Inline target) {
        return new InlineMerge(rendering, rule, base, present, target).merged();
    }

    /** The merged content where the present one shall read as the target does: all words take the target's marks. */
    static Inline force(Rendering rendering, Inline base, Inline present, Inline target) {
        InlineMerge merge = new InlineMerge(rendering, Rule.CALLER, base, present, target);
        merge.forced = true;
        return java.util.Objects.requireNonNull(merge.merged(), "nothing is refused to the caller");
    }

    private static List<Hunk> hunks(int[] matches, int size) {
        List<Hunk> hunks = new ArrayList<>();
        int from = 0;
        int otherFrom = 0;
        for (int i = 0; i <= matches.length; i++) {
            int match = i == matches.length ? size : matches[i];
            if (match < 0) {
                continue;
            }
            if (i > from || match > otherFrom) {
                hunks.add(new Hunk(from, i, otherFrom, match));
            }
            from = i + 1;
            otherFrom = match + 1;
        }
        return hunks;
    }

    private @Nullable Inline merged() {
        for (Hunk hunk : ours) {
            apply(hunk);
        }
        keep(written, present.length());
        Inline result = out.build();
        return conflict && rule == Rule.REFUSE ? null : marked(result);
    }

    private void apply(Hunk hunk) {
        Inline fresh = target.slice(targetTokens.start(hunk.otherFrom()), targetTokens.start(hunk.otherTo()));
        for (Hunk other : near(hunk.from(), hunk.to())) {
            if (isSame(hunk, other)) {
                return;
            }
            if (other.overlaps(hunk) && rule != Rule.CALLER) {
                conflict = true;
                return;
            }
        }
        if (rule != Rule.CALLER && othersMarked(hunk)) {
            conflict = true;
            return;
        }
        int from = Math.max(written, unit(hunk.from(), true, hunk.from() == hunk.to()));
        int to = Math.max(from, hunk.from() == hunk.to() ? from : unit(hunk.to(), false, false));
        keep(written, from);
        out.add(dressed(fresh.anew(), from, to));
        written = to;
    }

    /** The hunks of others that touch a stretch of the base. */
    private List<Hunk> near(int from, int to) {
        int low = 0;
        int high = theirs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (theirs.get(middle).to() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int end = low;
        while (end < theirs.size() && theirs.get(end).from() <= to) {
            end++;
        }
        return theirs.subList(low, end);
    }

    private boolean isSame(Hunk hunk, Hunk other) {
        if (hunk.from() != other.from() || hunk.to() != other.to()) {
            return false;
        }
        List<String> mine = targetTokens.texts().subList(hunk.otherFrom(), hunk.otherTo());
        List<String> others = presentTokens.texts().subList(other.otherFrom(), other.otherTo());
        return mine.equals(others);
    }

    /**
     * Where a boundary between base tokens lies in the present content. Something to be inserted or to begin there comes
     * after what others inserted there; something that ends there ends before it.
     */
    private int unit(int boundary, boolean begins, boolean inserts) {
        for (Hunk hunk : near(boundary, boundary)) {
            boolean inside = hunk.from() < boundary && boundary < hunk.to();
            boolean insertion = hunk.from() == hunk.to() && hunk.from() == boundary;
            if (insertion) {
                return presentTokens.start(begins && rule != Rule.OTHERS ? hunk.otherTo() : hunk.otherFrom());
            }
            if (inside
                    || (!inserts
                            && rule == Rule.CALLER
                            && (begins ? hunk.from() == boundary : hunk.to() == boundary))) {
                return presentTokens.start(begins ? hunk.otherFrom() : hunk.otherTo());
            }
            if (hunk.from() == boundary && begins && inserts) {
                return presentTokens.start(hunk.otherFrom());
            }
        }
        if (boundary > 0 && toPresent[boundary - 1] >= 0) {
            return presentTokens.start(toPresent[boundary - 1] + 1);
        }
        if (boundary < toPresent.length && toPresent[boundary] >= 0) {
            return presentTokens.start(toPresent[boundary]);
        }
        return near(boundary, boundary).stream()
                .filter(h -> h.to() == boundary)
                .findFirst()
                .map(h -> presentTokens.start(h.otherTo()))
                .orElse(boundary == 0 ? 0 : present.length());
    }

    /** Whether others marked a word that the caller replaced. */
    private boolean othersMarked(Hunk hunk) {
        for (int token = hunk.from(); token < hunk.to(); token++) {
            boolean blank = baseTokens.texts().get(token).isBlank();
            if (!blank && toPresent[token] >= 0 && !sameMarks(token, presentTokens.start(toPresent[token]))) {
                return true;
            }
        }
        return false;
    }

    private boolean sameMarks(int token, int presentAt) {
        int from = baseTokens.start(token);
        for (int i = from; i < baseTokens.start(token + 1); i++) {
            if (!shown(base.marksAt(i)).equals(shown(present.marksAt(presentAt + i - from)))) {
                return false;
            }
        }
        return true;
    }

    /** The marks as far as the format shows them. */
    private List<String> shown(Marks marks) {
        List<String> shown = new ArrayList<>();
        for (String name : marks.names()) {
            if (rendering.knows(name)) {
                shown.add(name.equals(Marks.LINK) ? name + marks.href() : name);
            }
        }
        return shown;
    }

    private void keep(int from, int to) {
        if (from < to) {
            out.add(present.slice(from, to));
        }
    }

    /** New text takes the marks around it that the format cannot show, where it stands inside of them. */
    private Inline dressed(Inline fresh, int from, int to) {
        int left = from < to ? from : from - 1;
        int right = from < to ? to - 1 : to;
        if (left < 0 || right >= present.length() || present.isEmpty()) {
            return fresh;
        }
        Marks around = present.marksAt(left);
        Marks after = present.marksAt(right);
        Predicate<String> inherited = key -> !rendering.knows(Marks.name(key))
                && Values.same(around.values().get(key), after.values().get(key));
        List<String> keys = around.values().keySet().stream().filter(inherited).toList();
        Inline.Builder dressed = new Inline.Builder();
        for (Inline.Span span : fresh.spans()) {
            Marks marks = span.marks();
            for (String key : span.object() == null ? keys : List.<String>of()) {
                marks = marks.with(
                        key, java.util.Objects.requireNonNull(around.values().get(key)));
            }
            dressed.add(span.withMarks(marks));
        }
        return dressed.build();
    }

    /** Gives the kept words the marks that the caller changed on them. */
    private @Nullable Inline marked(Inline result) {
        MarkChanges changes = new MarkChanges();
        for (int token = 0; token < toTarget.length; token++) {
            if (toTarget[token] >= 0) {
                changes.collect(token);
            }
        }
        return changes.refused ? null : changes.applied(result);
    }

    /** Marks by unit of the present content. */
    private final class MarkChanges {
        private final java.util.Map<Integer, Marks> byUnit = new java.util.HashMap<>();
        private boolean refused;

        void collect(int token) {
            int from = baseTokens.start(token);
            int inTarget = targetTokens.start(toTarget[token]);
            for (int i = from; i < baseTokens.start(token + 1); i++) {
                Marks had = base.marksAt(i);
                Marks wanted = target.marksAt(inTarget + i - from);
                if (forced || !had.equals(wanted)) {
                    change(token, i - from, had, wanted);
                }
            }
        }

        private void change(int token, int offset, Marks had, Marks wanted) {
            if (toPresent[token] < 0) {
                refused |= rule == Rule.REFUSE;
                return;
            }
            int at = presentTokens.start(toPresent[token]) + offset;
            Marks now = present.marksAt(at);
            boolean bothLinked = !had.href().equals(wanted.href())
                    && !had.href().equals(now.href())
                    && !wanted.href().equals(now.href());
            refused |= bothLinked && rule == Rule.REFUSE;
            byUnit.put(at, strict(now.changed(forced ? known(now) : had, wanted), wanted));
        }

        private Marks known(Marks marks) {
            Marks known = marks;
            for (String name : marks.names()) {
                known = rendering.knows(name) ? known : known.without(name);
            }
            return known;
        }

        /** Who has seen the present state gets just the marks that it asked for, as far as the format knows them. */
        private Marks strict(Marks changed, Marks wanted) {
            Marks result = changed;
            for (String name : changed.names()) {
                boolean unasked = rule == Rule.CALLER && rendering.knows(name) && !wanted.has(name);
                result = unasked ? result.without(name) : result;
            }
            return result;
        }

        Inline applied(Inline result) {
            if (byUnit.isEmpty()) {
                return result;
            }
            Inline.Builder changed = new Inline.Builder();
            for (Inline.Span span : result.spans()) {
                for (int i = 0; i < span.text().length(); i++) {
                    Inline.Span unit = span.part(i, i + 1);
                    Marks marks = unit.origin() < 0 || unit.object() != null ? null : byUnit.get(unit.origin());
                    changed.add(marks == null ? unit : unit.withMarks(marks));
                }
            }
            return changed.build();
        }
    }
}
