package ai.materi.collab.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockNoteTest {
    private static Element container(String id, Element block, Element... nested) {
        List<Element> children = nested.length == 0 ? List.of(block) : List.of(block, group(nested));
        return Element.node("blockContainer", Map.of("id", id), children);
    }

    private static Element group(Element... containers) {
        return Element.node("blockGroup", Map.of(), List.of(containers));
    }

    private static Element text(String type, String text) {
        return Element.text(type, Map.of("backgroundColor", "default"), Inline.of(text));
    }

    private static Doc blockNote() {
        Doc doc = new Doc(1);
        Element root = group(
                container("1", Element.text("heading", Map.of("level", 2L), Inline.of("Title"))),
                container("2", text("paragraph", "Text."), container("3", text("paragraph", "Nested."))),
                container("4", text("bulletListItem", "one"), container("5", text("bulletListItem", "inner"))),
                container("6", text("bulletListItem", "two")),
                container("7", text("checkListItem", "task")),
                container("8", text("quote", "Quoted.")));
        doc.xmlFragment("document-store").insert(0, LiveWriter.created(List.of(root)));
        return doc;
    }

    @Test
    void itReadsAsTheBlocksThatItShows() {
        assertThat(LiveDocs.markdown(blockNote()))
                .isEqualTo("## Title\n\nText.\n\nNested.\n\n- one\n  - inner\n- two\n\n* [ ] task\n\n> Quoted.\n");
        assertThat(Contents.blocks(blockNote())).hasSize(8);
    }

    @Test
    void textInItsBlocksIsEditedAndTheWholeIsReplacedAsProseMirrorJson() {
        Doc doc = blockNote();
        Contents.edit(doc, List.of(EditTest.replace(EditTest.quote("", "Nested", ""), "Deep")));
        assertThat(LiveDocs.markdown(doc)).contains("Deep.");
        String json = LiveDocs.render(doc, Format.PROSEMIRROR).replace("inner", "inside");
        Contents.replace(doc, Format.PROSEMIRROR, LiveDocs.bytes(json), null);
        assertThat(LiveDocs.markdown(doc)).contains("  - inside\n");
    }

    @Test
    void markdownDoesNotReplaceIt() {
        assertThatThrownBy(() -> LiveDocs.put(blockNote(), "x\n"))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.code()).isEqualTo(ProblemCode.UNSUPPORTED_FORMAT));
    }
}
