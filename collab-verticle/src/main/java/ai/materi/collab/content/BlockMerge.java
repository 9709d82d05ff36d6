package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The three-way merge of promise 2. Base, present and target are aligned block by block by their rendering; what the
 * caller changed between base and target is carried over to the present blocks, and what it did not change is not
 * touched. A block that both sides changed is merged inside: text by words, attributes one by one, what contains blocks by
 * this same merge. New blocks of both sides at one place both stand, those of others first; if both put in just the same,
 * it stands once.
 */
final class BlockMerge {
    private final Rendering rendering;
    private final Rule rule;
    private final Patch patch;
    private final Conflicts conflicts;

    BlockMerge(Rendering rendering, Rule rule, Patch patch, Conflicts conflicts) {
        this.rendering = rendering;
        this.rule = rule;
        this.patch = patch;
        this.conflicts = conflicts;
    }

    private List<String> keys(List<Element> blocks) {
        return blocks.stream().map(rendering::part).toList();
    }

    /** The caller has seen the present state: its base is what the format shows of it. */
    void replace(List<Element> real, List<Element> target) {
        List<Element> present = rendering.blocks(real);
        List<String> presentKeys = keys(present);
        List<Element> base = new ArrayList<>(present);
        List<String> baseKeys = new ArrayList<>(presentKeys);
        List<Element> seen = rendering.blocks(target);
        List<String> targetKeys = keys(seen);
        int[] unchanged = Alignment.match(presentKeys, targetKeys);
        for (int i = 0; i < unchanged.length; i++) {
            if (unchanged[i] < 0) {
                base.set(i, rendering.known(present.get(i)));
                baseKeys.set(i, rendering.part(base.get(i)));
            }
        }
        int[] same = new int[base.size()];
        Arrays.setAll(same, i -> i);
        int[] ours = Pairing.of(base, baseKeys, seen, targetKeys);
        level(new Level(null, real, base, baseKeys, present, presentKeys, seen, targetKeys, same, ours));
    }

    /** The caller has seen an earlier state. */
    void merge(List<Element> base, List<Element> real, List<Element> target) {
        sequence(null, rendering.blocks(base), real, rendering.blocks(real), rendering.blocks(target));
    }

    private void sequence(
            @Nullable Element container,
            List<Element> base,
            List<Element> real,
            List<Element> present,
            List<Element> target) {
        List<String> baseKeys = keys(base);
        List<String> presentKeys = keys(present);
        List<String> targetKeys = keys(target);
        int[] theirs = Pairing.of(base, baseKeys, present, presentKeys);
        int[] ours = Pairing.of(base, baseKeys, target, targetKeys);
        level(new Level(container, real, base, baseKeys, present, presentKeys, target, targetKeys, theirs, ours));
    }

    private void level(Level level) {
        insertions(level);
        for (int i = 0; i < level.base.size(); i++) {
            block(level, i);
        }
        if (level.container != null) {
            repair(patch, level.container);
        }
    }

    private void block(Level level, int i) {
        int mine = level.ours[i];
        int other = level.theirs[i];
        Element base = level.base.get(i);
        Element present = other < 0 ? null : level.present.get(other);
        boolean changed = mine < 0 || !level.baseKeys.get(i).equals(level.targetKeys.get(mine));
        if (!changed) {
            return;
        }
        boolean othersChanged = present == null || !level.baseKeys.get(i).equals(level.presentKeys.get(other));
        if (present == null) {
            if (mine >= 0 && rule == Rule.REFUSE) {
                conflicts.add(base, null);
            }
        } else if (mine >= 0) {
            pair(base, present, level.target.get(mine), othersChanged);
        } else if (othersChanged && rule != Rule.CALLER) {
            conflict(base, present);
        } else {
            patch.remove(present);
        }
    }

    private void conflict(Element base, @Nullable Element present) {
        if (rule == Rule.REFUSE) {
            conflicts.add(base, present);
        }
    }

    /** One block alone. */
    void one(Element base, Element present, Element target) {
        pair(base, present, target, !rendering.part(base).equals(rendering.part(present)));
    }

    private void pair(Element base, Element present, Element target, boolean othersChanged) {
        if (!othersChanged && rule == Rule.REFUSE) {
            new BlockMerge(rendering, Rule.CALLER, patch, conflicts).pair(base, present, target, false);
            return;
        }
        if (rule == Rule.REFUSE && rendering.part(present).equals(rendering.part(target))) {
            return;
        }
        if (base.isText() && present.isText() && target.isText()) {
            text(base, present, target);
        } else if (isContainer(base, present, target)) {
            container(base, present, target);
        } else if (!othersChanged || rule == Rule.CALLER) {
            patch.replace(present, target);
        } else {
            conflict(base, present);
        }
    }

    private static boolean isContainer(Element base, Element present, Element target) {
        return !base.isText()
                && !present.isText()
                && !target.isText()
                && Pairing.isOfAKind(base, present)
                && Pairing.isOfAKind(base, target);
    }

    private void text(Element base, Element present, Element target) {
        Inline merged = InlineMerge.merge(rendering, rule, base.content(), present.content(), target.content());
        String name = name(base, present, target);
        Map<String, Object> attributes = attributes(base, present, target);
        if (merged == null || name == null || attributes == null) {
            conflict(base, present);
            return;
        }
        Inline fitting = fitting(asked(merged, name, attributes, base, present, target), name);
        if (name.equals(present.name())) {
            patch.revise(present, attributes, fitting);
        } else {
            patch.replace(present, Element.text(name, attributes, fitting.anew()));
        }
    }

    /** Who has seen the present state gets the text as asked for, even where the format reads it in more ways than one. */
    private Inline asked(
            Inline merged, String name, Map<String, Object> attributes, Element base, Element present, Element target) {
        boolean asked = rule != Rule.CALLER
                || rendering.part(Element.text(name, attributes, merged)).equals(rendering.part(target));
        return asked ? merged : InlineMerge.force(rendering, base.content(), present.content(), target.content());
    }

    /** Plain text has one sign for a line break; in code it is a character, elsewhere an element. */
    private Inline fitting(Inline inline, String name) {
        boolean code = name.equals(Element.CODE_BLOCK);
        if (!code && rendering.format() != Format.TEXT) {
            return inline;
        }
        Inline.Builder out = new Inline.Builder();
        for (Inline.Span span : inline.spans()) {
            if (span.origin() >= 0 && !(code && span.object() != null)) {
                out.add(span);
            } else if (code) {
                out.text(span.object() == null || span.text().equals("\n") ? span.text() : "", Marks.NONE);
            } else {
                lines(span, out);
            }
        }
        return out.build();
    }

    private static void lines(Inline.Span span, Inline.Builder out) {
        String[] lines = span.text().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                out.object(Element.hardBreak());
            }
            out.text(lines[i], span.marks());
        }
    }

    private void container(Element base, Element present, Element target) {
        String name = name(base, present, target);
        Map<String, Object> attributes = attributes(base, present, target);
        if (name == null || attributes == null) {
            conflict(base, present);
        } else if (name.equals(present.name())) {
            patch.revise(present, attributes, null);
            inside(this, base, present, target);
        } else {
            Patch copy = new Patch();
            inside(new BlockMerge(rendering, rule, copy, conflicts), base, present, target);
            List<Element> children = copy.resolvedChildren(present);
            patch.replace(present, Element.node(name, attributes, children).anew());
        }
    }

    private void inside(BlockMerge merge, Element base, Element present, Element target) {
        merge.sequence(
                present,
                rendering.inside(base),
                present.children(),
                rendering.inside(present),
                rendering.inside(target));
    }

    /** The merged name; null when both sides chose another one. */
    private @Nullable String name(Element base, Element present, Element target) {
        if (base.is(target.name()) || present.is(target.name())) {
            return present.name();
        }
        if (base.is(present.name()) || rule == Rule.CALLER) {
            return base.is(present.name()) || !hasOwnName(present) ? target.name() : present.name();
        }
        return rule == Rule.OTHERS ? present.name() : null;
    }

    /** A text block that the format shows as a paragraph because it does not know it keeps its name. */
    private static boolean hasOwnName(Element present) {
        return !present.isText() || Element.TEXT_BLOCKS.contains(present.name());
    }

    /** The merged attributes; null when both sides gave one attribute another value. */
    private @Nullable Map<String, Object> attributes(Element base, Element present, Element target) {
        Map<String, Object> result = present.attributes();
        Set<String> keys = new LinkedHashSet<>(base.attributes().keySet());
        keys.addAll(target.attributes().keySet());
        for (String key : keys) {
            Object had = base.attribute(key);
            Object wanted = target.attribute(key);
            Object now = present.attribute(key);
            if (Values.same(had, wanted) || Values.same(now, wanted)) {
                continue;
            }
            if (!Values.same(had, now) && rule == Rule.REFUSE) {
                return null;
            }
            if (Values.same(had, now) || rule == Rule.CALLER) {
                result = Values.with(result, key, wanted);
            }
        }
        return result;
    }

    private void insertions(Level level) {
        int[] baseOf = new int[level.target.size()];
        Arrays.fill(baseOf, -1);
        for (int i = 0; i < level.ours.length; i++) {
            if (level.ours[i] >= 0) {
                baseOf[level.ours[i]] = i;
            }
        }
        int lastBase = -1;
        int from = 0;
        for (int j = 0; j <= baseOf.length; j++) {
            if (j == baseOf.length || baseOf[j] >= 0) {
                if (from < j) {
                    insert(level, lastBase, from, j);
                }
                lastBase = j < baseOf.length ? baseOf[j] : lastBase;
                from = j + 1;
            }
        }
    }

    /** Puts in what the caller has between two blocks of the base: after the first, and after what others put there. */
    private void insert(Level level, int afterBase, int from, int to) {
        int base = afterBase;
        while (base >= 0 && level.theirs[base] < 0) {
            base--;
        }
        int gap = base < 0 ? 0 : level.theirs[base] + 1;
        int end = gap;
        while (end < level.present.size() && !level.isOfBase(end)) {
            end++;
        }
        List<String> mine = level.targetKeys.subList(from, to);
        if (end == gap || !level.presentKeys.subList(gap, end).equals(mine)) {
            put(level, end, level.target.subList(from, to));
        }
    }

    private void put(Level level, int at, List<Element> blocks) {
        List<Element> fresh = blocks.stream().map(Element::anew).toList();
        Element blank = blankStart(level);
        if (at > 0) {
            patch.insertAfter(level.present.get(at - 1), fresh);
        } else if (blank != null && fresh.get(0).is(Element.PARAGRAPH) && !patch.isRemoved(blank)) {
            patch.revise(blank, blank.attributes(), fresh.get(0).content());
            patch.insertAfter(blank, fresh.subList(1, fresh.size()));
        } else if (!level.present.isEmpty()) {
            patch.insertBefore(level.present.get(0), fresh);
        } else if (blank != null && level.container == null) {
            patch.insertBefore(blank, fresh);
        } else {
            patch.append(level.container, fresh);
        }
    }

    /** The blank paragraph at the start that the format does not see, if there is one: new text fills it. */
    private static @Nullable Element blankStart(Level level) {
        Element first = level.real.isEmpty() ? null : level.real.get(0);
        boolean blank = first != null
                && first.is(Element.PARAGRAPH)
                && first.content().isEmpty()
                && first.source() != null
                && !level.present.contains(first);
        return blank ? first : null;
    }

    /** Keeps what the editors' schema asks for: an item starts with a paragraph, nothing is without a block. */
    static void repair(Patch patch, Element container) {
        boolean item = container.is(Element.LIST_ITEM) || container.is(Element.TASK_ITEM);
        boolean holder =
                container.is(Element.BLOCKQUOTE) || container.is(Element.CELL) || container.is(Element.HEADER_CELL);
        if (!item && !holder) {
            return;
        }
        List<Element> children = patch.resolvedChildren(container);
        Element paragraph = Element.paragraph(Inline.EMPTY);
        if (children.isEmpty()) {
            patch.append(container, List.of(paragraph));
        } else if (item
                && !children.get(0).is(Element.PARAGRAPH)
                && !container.children().isEmpty()) {
            patch.insertFirst(container.children().get(0), paragraph);
        }
    }
}
