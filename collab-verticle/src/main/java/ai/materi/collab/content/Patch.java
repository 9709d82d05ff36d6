package ai.materi.collab.content;

import ai.materi.crdt.YXmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to change in a live tree: which nodes are revised, removed, and what is put in beside or into them. */
final class Patch {
    private final Map<YXmlElement, Element> present = new HashMap<>();
    private final Map<YXmlElement, Element> revised = new HashMap<>();
    private final Set<YXmlElement> removed = new HashSet<>();
    private final Map<YXmlElement, List<Element>> before = new HashMap<>();
    private final Map<YXmlElement, List<Element>> after = new HashMap<>();
    private final Map<YXmlElement, List<Element>> into = new HashMap<>();
    private final List<Element> intoRoot = new ArrayList<>();

    private YXmlElement live(Element element) {
        YXmlElement live = Objects.requireNonNull(element.source(), "only live nodes are patched")
                .element();
        present.putIfAbsent(live, element);
        return live;
    }

    /** Gives a node other attributes or other inline content; its name stays. */
    void revise(Element element, Map<String, Object> attributes, @Nullable Inline inline) {
        YXmlElement live = live(element);
        Element now = revised.getOrDefault(live, element);
        Element next = now.withAttributes(attributes);
        next = inline == null ? next : next.withInline(inline);
        if (!next.equals(element)) {
            revised.put(live, next);
        }
    }

    void remove(Element element) {
        removed.add(live(element));
    }

    boolean isRemoved(Element element) {
        return element.source() != null && removed.contains(element.source().element());
    }

    void replace(Element element, Element by) {
        insertBefore(element, List.of(by));
        remove(element);
    }

    void insertBefore(Element element, List<Element> blocks) {
        before.computeIfAbsent(live(element), x -> new ArrayList<>()).addAll(blocks);
    }

    void insertFirst(Element element, Element block) {
        before.computeIfAbsent(live(element), x -> new ArrayList<>()).add(0, block);
    }

    void insertAfter(Element element, List<Element> blocks) {
        after.computeIfAbsent(live(element), x -> new ArrayList<>()).addAll(blocks);
    }

    /** Appends to a node, or to the document where it is null. */
    void append(@Nullable Element container, List<Element> blocks) {
        if (container == null) {
            intoRoot.addAll(blocks);
        } else {
            into.computeIfAbsent(live(container), x -> new ArrayList<>()).addAll(blocks);
        }
    }

    boolean isEmpty() {
        return revised.isEmpty()
                && removed.isEmpty()
                && before.isEmpty()
                && after.isEmpty()
                && into.isEmpty()
                && intoRoot.isEmpty();
    }

    /** Removes wrappers of which nothing would be left. */
    void removeEmptied(List<Element> children) {
        if (removed.isEmpty()) {
            return;
        }
        for (Element child : children) {
            removeEmptied(child.children());
            boolean emptied =
                    Shown.isWrapper(child) && child.children().stream().allMatch(this::isGone);
            if (emptied
                    && child.source() != null
                    && !into.containsKey(child.source().element())) {
                remove(child);
            }
        }
    }

    private boolean isGone(Element child) {
        return isRemoved(child)
                && child.source() != null
                && !before.containsKey(child.source().element())
                && !after.containsKey(child.source().element());
    }

    /** The children that a node will have. */
    List<Element> resolvedChildren(Element container) {
        List<Element> result = new ArrayList<>();
        for (Element child : container.children()) {
            YXmlElement live = child.source() == null ? null : child.source().element();
            result.addAll(before.getOrDefault(live, List.of()));
            if (!removed.contains(live)) {
                result.add(resolved(child));
            }
            result.addAll(after.getOrDefault(live, List.of()));
        }
        if (container.source() != null) {
            result.addAll(into.getOrDefault(container.source().element(), List.of()));
        }
        return result;
    }

    /** The node as it will be. */
    Element resolved(Element element) {
        YXmlElement live = element.source() == null ? null : element.source().element();
        Element now = revised.getOrDefault(live, element);
        return now.isText() ? now : now.withChildren(resolvedChildren(element));
    }

    /** Writes it all into the live document; the caller holds the transaction. */
    void apply(ai.materi.crdt.YXmlFragment root) {
        revised.forEach((live, next) -> {
            if (!removed.contains(live)) {
                LiveWriter.revise(live, Objects.requireNonNull(present.get(live)), next);
            }
        });
        Set<YXmlElement> moved = new HashSet<>(removed);
        moved.addAll(before.keySet());
        moved.addAll(after.keySet());
        List<Element> anchors = new ArrayList<>();
        moved.forEach(live -> anchors.add(Objects.requireNonNull(present.get(live))));
        into.forEach((live, blocks) -> live.insert(live.length(), LiveWriter.created(blocks)));
        anchors.sort((x, y) -> Integer.compare(index(y), index(x)));
        anchors.forEach(this::around);
        if (!intoRoot.isEmpty()) {
            root.insert(root.length(), LiveWriter.created(intoRoot));
        }
    }

    private static int index(Element element) {
        return Objects.requireNonNull(element.source()).index();
    }

    private void around(Element anchor) {
        Source source = Objects.requireNonNull(anchor.source());
        if (!source.parent().isLive()) {
            return;
        }
        List<Element> following = after.getOrDefault(source.element(), List.of());
        List<Element> preceding = before.getOrDefault(source.element(), List.of());
        if (!following.isEmpty()) {
            source.parent().insert(source.index() + 1, LiveWriter.created(following));
        }
        if (removed.contains(source.element())) {
            source.parent().delete(source.index(), 1);
        }
        if (!preceding.isEmpty()) {
            source.parent().insert(source.index(), LiveWriter.created(preceding));
        }
    }
}
