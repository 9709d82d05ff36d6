package ai.materi.collab.content;

import ai.materi.collab.content.Compared.Change;
import ai.materi.collab.content.Compared.MarkChange;
import ai.materi.collab.content.Compared.Run;
import ai.materi.collab.content.Compared.Runs;
import ai.materi.collab.content.Compared.Step;
import ai.materi.crdt.Id;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states of a document block by block. Blocks that are one element in both are one block; between them, blocks
 * that look alike are, as {@link Pairing} finds them.
 */
final class Comparing {
    private final Moment from;
    private final Moment to;
    private final int most;
    private int parts;

    private Comparing(Moment from, Moment to, int most) {
        this.from = from;
        this.to = to;
        this.most = most;
    }

    /** @param most blocks and runs of text together; more are {@code too_large} */
    static List<Compared> of(Moment from, Moment to, int most) {
        return new Comparing(from, to, most).children(from.tree(), to.tree());
    }

    private Compared counted(Compared compared) {
        parts += Math.max(1, compared.runs().size());
        if (parts > most) {
            throw Problem.of(
                    ProblemCode.TOO_LARGE, "The two differ in so many places that they are over " + most + ".");
        }
        return compared;
    }

    private List<Compared> children(List<Element> had, List<Element> has) {
        int[] pairs = paired(had, has);
        List<Compared> all = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < had.size(); i++) {
            if (pairs[i] < 0) {
                all.add(deleted(had.get(i)));
                continue;
            }
            for (; next < pairs[i]; next++) {
                all.add(inserted(has.get(next)));
            }
            all.addAll(both(had.get(i), has.get(next++)));
        }
        for (; next < has.size(); next++) {
            all.add(inserted(has.get(next)));
        }
        return all;
    }

    /** For each element its counterpart's index, or −1; indices rise. */
    private int[] paired(List<Element> had, List<Element> has) {
        int[] pairs = identical(had, has);
        int start = 0;
        int toStart = 0;
        int[] same = pairs.clone();
        for (int i = 0; i <= same.length; i++) {
            int match = i == same.length ? has.size() : same[i];
            if (match >= 0) {
                alike(had.subList(start, i), has.subList(toStart, match), pairs, start, toStart);
                start = i + 1;
                toStart = match + 1;
            }
        }
        return pairs;
    }

    /** Elements do not change places in Yjs: those that stand in both stand in one order. */
    private int[] identical(List<Element> had, List<Element> has) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < has.size(); i++) {
            places.put(to.id(has.get(i)), i);
        }
        int[] pairs = new int[had.size()];
        int last = -1;
        for (int i = 0; i < pairs.length; i++) {
            Integer place = places.get(from.id(had.get(i)));
            pairs[i] = place != null && place > last ? place : -1;
            last = Math.max(last, pairs[i]);
        }
        return pairs;
    }

    private static void alike(List<Element> had, List<Element> has, int[] pairs, int start, int toStart) {
        if (had.isEmpty() || has.isEmpty()) {
            return;
        }
        int[] found = Pairing.of(had, keys(had), has, keys(has));
        for (int i = 0; i < found.length; i++) {
            pairs[start + i] = found[i] < 0 ? -1 : toStart + found[i];
        }
    }

    private static List<String> keys(List<Element> elements) {
        return elements.stream().map(Element::plainText).toList();
    }

    private List<Compared> both(Element was, Element is) {
        if (was.isText() != is.isText()) {
            return List.of(deleted(was), inserted(is));
        }
        List<String> attributes = attributes(was, is);
        List<Run> runs = is.isText() ? ComparedText.of(from.side(was), to.side(is)) : List.of();
        List<Compared> children = is.isText() ? List.of() : children(was.children(), is.children());
        boolean kept = attributes.isEmpty()
                && was.name().equals(is.name())
                && runs.stream().allMatch(run -> run.step() == Step.EQUAL);
        return List.of(
                counted(new Compared(kept ? Change.KEPT : Change.CHANGED, is, was, attributes, null, children, runs)));
    }

    private static List<String> attributes(Element was, Element is) {
        TreeSet<String> names = new TreeSet<>(was.attributes().keySet());
        names.addAll(is.attributes().keySet());
        names.removeIf(name -> Values.same(was.attribute(name), is.attribute(name)));
        return List.copyOf(names);
    }

    private Compared inserted(Element is) {
        List<Compared> children = is.children().stream().map(this::inserted).toList();
        return counted(
                new Compared(Change.INSERTED, is, null, List.of(), writer(is), children, runs(is, to, Step.INSERTED)));
    }

    private Compared deleted(Element was) {
        List<Compared> children = was.children().stream().map(this::deleted).toList();
        return counted(new Compared(
                Change.DELETED, was, was, List.of(), deleter(was), children, runs(was, from, Step.DELETED)));
    }

    private @Nullable Written writer(Element is) {
        Id id = id(is);
        return id == null || from.knew(id)
                ? null
                : to.writers().wrote(id.client(), id.clock()).by();
    }

    private @Nullable Written deleter(Element was) {
        Id id = id(was);
        return id == null || !to.deleted(id)
                ? null
                : to.writers().deleted(id.client(), id.clock()).by();
    }

    private static @Nullable Id id(Element element) {
        return element.source() == null ? null : element.source().element().id();
    }

    /** The text of a block that stands on one side only, by stretches of one author. */
    private List<Run> runs(Element block, Moment moment, Step step) {
        if (!block.isText() || block.content().isEmpty()) {
            return List.of();
        }
        Runs runs = new Runs();
        for (Units.Run run : moment.units(block).runs()) {
            long end = run.clock() + run.length();
            for (long clock = run.clock(); clock < end; ) {
                Writers.Known known = step == Step.INSERTED
                        ? moment.writers().wrote(run.client(), clock)
                        : moment.writers().deleted(run.client(), clock);
                Id id = new Id(run.client(), clock);
                boolean since = step == Step.INSERTED ? !from.knew(id) : to.deleted(id);
                long until = Math.min(end, known.until());
                int start = run.from() + (int) (clock - run.clock());
                Inline inline = block.content().slice(start, start + (int) (until - clock));
                runs.add(new Run(step, inline, since ? known.by() : null, MarkChange.NONE));
                clock = until;
            }
        }
        return runs.list();
    }
}
