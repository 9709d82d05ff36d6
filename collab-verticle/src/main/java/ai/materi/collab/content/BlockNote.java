package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * BlockNote's tree ({@code blockGroup} of {@code blockContainer}, each a block and the group nested below it) in the form
 * that the renderers know.
 */
final class BlockNote {
    private static final Map<String, String> ITEMS = Map.of(
            "bulletListItem", Element.BULLET_LIST,
            "numberedListItem", Element.ORDERED_LIST,
            "checkListItem", Element.TASK_LIST,
            "toggleListItem", Element.BULLET_LIST);

    private BlockNote() {}

    static List<Element> readable(List<Element> tree) {
        List<Element> blocks = new ArrayList<>();
        for (Element element : tree) {
            if (element.is("blockContainer")) {
                container(element, blocks);
            } else if (Shown.isWrapper(element)) {
                blocks.addAll(readable(element.children()));
            } else {
                blocks.add(known(element));
            }
        }
        return blocks;
    }

    private static void container(Element container, List<Element> into) {
        List<Element> nested = new ArrayList<>();
        container.children().stream()
                .filter(c -> c.is("blockGroup"))
                .forEach(group -> nested.addAll(readable(group.children())));
        for (Element block : container.children()) {
            String list = ITEMS.get(block.name());
            if (list != null) {
                item(list, block, nested, into);
                nested.clear();
            } else if (!block.is("blockGroup")) {
                into.add(known(block));
            }
        }
        into.addAll(nested);
    }

    private static void item(String list, Element block, List<Element> nested, List<Element> into) {
        List<Element> blocks = new ArrayList<>();
        blocks.add(Element.paragraph(block.content()));
        blocks.addAll(nested);
        String name = list.equals(Element.TASK_LIST) ? Element.TASK_ITEM : Element.LIST_ITEM;
        Element item = Element.node(name, block.attributes(), blocks);
        Element before = into.isEmpty() ? null : into.get(into.size() - 1);
        if (before != null && before.is(list)) {
            List<Element> items = new ArrayList<>(before.children());
            items.add(item);
            into.set(into.size() - 1, before.withChildren(items));
        } else {
            into.add(Element.node(list, block.attributes(), List.of(item)));
        }
    }

    private static Element known(Element block) {
        return switch (block.name()) {
            case "quote" -> Element.node(Element.BLOCKQUOTE, Map.of(), List.of(Element.paragraph(block.content())));
            case "image" -> image(block);
            case "divider" -> Element.node(Element.RULE, Map.of(), List.of());
            default -> block;
        };
    }

    private static Element image(Element block) {
        Map<String, Object> attributes = new LinkedHashMap<>(block.attributes());
        attributes.put("src", Values.text(block.attribute("url")));
        attributes.put("alt", Values.text(block.attribute("caption")));
        return Element.node(Element.IMAGE, Values.map(attributes), List.of());
    }
}
