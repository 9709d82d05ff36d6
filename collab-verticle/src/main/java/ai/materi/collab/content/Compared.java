package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of two states of a document side by side.
 *
 * @param element as it is now; as it was where it was deleted
 * @param was as it was before; null where it is new
 * @param attributes names of those that differ
 * @param by who inserted or deleted it; null when that is not known, or it stands in both
 * @param children of a container
 * @param runs of a text block
 */
record Compared(
        Change change,
        Element element,
        @Nullable Element was,
        List<String> attributes,
        @Nullable Written by,
        List<Compared> children,
        List<Run> runs) {
    enum Change {
        KEPT,
        INSERTED,
        DELETED,
        CHANGED
    }

    /** What became of a stretch of text. */
    enum Step {
        EQUAL,
        INSERTED,
        DELETED,
        FORMATTED
    }

    /**
     * A stretch of a text block.
     *
     * @param inline as it is now; as it was where it was deleted
     * @param by who inserted or deleted it; null when that is not known, or its words stand in both
     * @param marks what changed on words that stand in both
     */
    record Run(Step step, Inline inline, @Nullable Written by, MarkChange marks) {
        private boolean joins(Run next) {
            return step == next.step && marks.equals(next.marks) && Written.sameOrigin(by, next.by);
        }
    }

    /** Names of the marks that came, went, or have other attributes now. */
    record MarkChange(List<String> added, List<String> removed, List<String> changed) {
        static final MarkChange NONE = new MarkChange(List.of(), List.of(), List.of());

        static MarkChange between(Marks from, Marks to) {
            if (from.equals(to)) {
                return NONE;
            }
            List<String> added = new ArrayList<>(to.names());
            added.removeIf(from::has);
            List<String> removed = new ArrayList<>(from.names());
            removed.removeIf(to::has);
            List<String> changed = new ArrayList<>(to.names());
            changed.removeIf(name -> !from.has(name) || Values.same(from.value(name), to.value(name)));
            return new MarkChange(added, removed, changed);
        }

        boolean isNone() {
            return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
        }
    }

    /** Gathers runs and joins neighbours of one kind. */
    static final class Runs {
        private final List<Run> done = new ArrayList<>();
        private Inline.@Nullable Builder text;
        private @Nullable Run last;

        void add(Run run) {
            Run before = last;
            if (before == null || text == null || !before.joins(run)) {
                end();
                last = run;
                text = new Inline.Builder().add(run.inline());
            } else {
                text.add(run.inline());
                last = new Run(before.step(), run.inline(), Written.later(before.by(), run.by()), before.marks());
            }
        }

        private void end() {
            Run before = last;
            if (before != null && text != null) {
                done.add(new Run(before.step(), text.build(), before.by(), before.marks()));
            }
        }

        List<Run> list() {
            end();
            last = null;
            return done;
        }
    }

    /** All that differs or not, in the order in which it is shown. */
    void walk(int depth, ObjIntConsumer<Compared> visitor) {
        visitor.accept(this, depth);
        children.forEach(child -> child.walk(depth + 1, visitor));
    }

    /** Whoever inserted or deleted something in it. */
    void eachWriter(Consumer<Written> visitor) {
        if (by != null) {
            visitor.accept(by);
        }
        for (Run run : runs) {
            if (run.by() != null) {
                visitor.accept(run.by());
            }
        }
        children.forEach(child -> child.eachWriter(visitor));
    }
}
