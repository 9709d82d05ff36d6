package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.bytes;
import static ai.materi.collab.content.LiveDocs.ids;
import static ai.materi.collab.content.LiveDocs.markdown;
import static ai.materi.collab.content.LiveDocs.put;
import static ai.materi.collab.content.LiveDocs.render;
import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YXmlElement;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplaceTest {
    private static final int DOCUMENTS = Integer.getInteger("materi.replacements", 150);

    private static List<byte[]> updatesOf(Doc doc) {
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> updates.add(update));
        return updates;
    }

    @ParameterizedTest
    @EnumSource(names = {"MARKDOWN", "HTML", "TEXT", "PROSEMIRROR"})
    void writingWhatWasReadChangesNothing(Format format) {
        for (long seed = 1; seed <= DOCUMENTS; seed++) {
            Doc doc = LiveDocs.of(new RandomTrees(seed, true).document());
            List<byte[]> updates = updatesOf(doc);
            Contents.replace(doc, format, Contents.render(doc, format), null);
            assertThat(updates).as("seed %d of %s", seed, render(doc, format)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MARKDOWN", "HTML", "TEXT", "PROSEMIRROR"})
    void afterAWriteTheDocumentReadsAsWritten(Format format) {
        for (long seed = 1; seed <= DOCUMENTS; seed++) {
            Doc doc = LiveDocs.of(new RandomTrees(seed, true).document());
            List<Element> wanted = new RandomTrees(seed + 1_000_000, false).document();
            String target = new Rendering(format, false).document(wanted);
            Contents.replace(doc, format, bytes(target), null);
            Doc fresh = new Doc(9);
            Contents.replace(fresh, format, bytes(target), null);
            assertThat(render(doc, format)).as("seed %d", seed).isEqualTo(render(fresh, format));
        }
    }

    @Test
    void aChangedWordLeavesEveryOtherBlockAlone() {
        Doc doc = LiveDocs.markdown("# Title\n\nThe quick brown fox.\n\n- one\n- two\n\nEnd.\n");
        List<String> before = ids(doc);
        List<byte[]> updates = updatesOf(doc);
        put(doc, "# Title\n\nThe quick red fox.\n\n- one\n- two\n\nEnd.\n");
        assertThat(ids(doc)).isEqualTo(before);
        assertThat(markdown(doc)).contains("The quick red fox.");
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).length).isLessThan(60);
    }

    @Test
    void whatMarkdownCannotSaySurvivesInTheChangedBlock() {
        Doc doc = LiveDocs.of(List.of(Element.text(
                Element.PARAGRAPH,
                Map.of("textAlign", "center"),
                new Inline.Builder()
                        .text("The quick ", Marks.NONE)
                        .text("brown fox", Marks.NONE.with("underline", Map.of()))
                        .text(" jumps.", Marks.NONE)
                        .build())));
        put(doc, "The very quick brown **fox** leaps.\n");
        assertThat(render(doc, Format.PROSEMIRROR))
                .contains("\"textAlign\":\"center\"")
                .contains("{\"type\":\"text\",\"text\":\"brown \",\"marks\":[{\"type\":\"underline\"}]}")
                .contains(
                        "{\"type\":\"text\",\"text\":\"fox\",\"marks\":[{\"type\":\"bold\"},{\"type\":\"underline\"}]}")
                .contains("\"text\":\"The very quick \"")
                .contains("\" leaps.\"");
    }

    @Test
    void aMentionStaysAMentionWhenWordsAroundItChange() {
        Element mention = Element.node("mention", Map.of("id", "u1", "label", "Ada"), List.of());
        Doc doc = LiveDocs.of(List.of(Element.paragraph(new Inline.Builder()
                .text("Ask ", Marks.NONE)
                .object(mention)
                .text(" today.", Marks.NONE)
                .build())));
        assertThat(markdown(doc)).isEqualTo("Ask @Ada today.\n");
        put(doc, "Please ask @Ada tomorrow.\n");
        assertThat(markdown(doc)).isEqualTo("Please ask @Ada tomorrow.\n");
        assertThat(render(doc, Format.PROSEMIRROR)).contains("\"type\":\"mention\"");
    }

    @Test
    void unknownWrappersAndBlocksSurvive() {
        Element details = Element.node(
                "details",
                Map.of("open", true),
                List.of(
                        Element.text("detailsSummary", Map.of(), Inline.of("More")),
                        Element.node("detailsContent", Map.of(), List.of(Element.paragraph(Inline.of("Inside."))))));
        Element video = Element.node("youtube", Map.of("src", "https://youtu.be/x"), List.of());
        Doc doc = LiveDocs.of(List.of(Element.paragraph(Inline.of("First.")), details, video));
        assertThat(markdown(doc)).isEqualTo("First.\n\nMore\n\nInside.\n");
        put(doc, "First.\n\nMore\n\nInside it.\n\nLast.\n");
        assertThat(markdown(doc)).isEqualTo("First.\n\nMore\n\nInside it.\n\nLast.\n");
        assertThat(render(doc, Format.PROSEMIRROR)).contains("\"details\"", "detailsContent", "youtube");
        put(doc, "First.\n");
        assertThat(render(doc, Format.PROSEMIRROR)).doesNotContain("details").contains("youtube");
    }

    @Test
    void aParagraphThatBecomesAHeadingTakesItsPlaceAndItsMarks() {
        Doc doc = LiveDocs.of(List.of(
                Element.paragraph(Inline.of("Before.")),
                Element.paragraph(new Inline.Builder()
                        .text("Title", Marks.NONE.with("underline", Map.of()))
                        .build()),
                Element.paragraph(Inline.of("After."))));
        List<String> before = ids(doc);
        put(doc, "Before.\n\n## Title\n\nAfter.\n");
        assertThat(ids(doc).get(0)).isEqualTo(before.get(0));
        assertThat(ids(doc).get(2)).isEqualTo(before.get(2));
        assertThat(render(doc, Format.PROSEMIRROR)).contains("\"heading\"", "\"underline\"");
    }

    @Test
    void aHeadingChangesItsLevelInPlace() {
        Doc doc = LiveDocs.markdown("# Title\n");
        List<String> before = ids(doc);
        put(doc, "### Title\n");
        assertThat(ids(doc)).isEqualTo(before);
        assertThat(((YXmlElement) doc.xmlFragment("default").child(0)).attribute("level"))
                .isEqualTo(3);
    }

    @Test
    void oneItemOfAListChangesAlone() {
        Doc doc = LiveDocs.markdown("1. one\n2. two\n   - nested\n3. three\n");
        List<String> before = ids(doc);
        put(doc, "1. one\n2. two and more\n   - nested\n   - new\n3. three\n");
        assertThat(ids(doc)).containsAll(before).hasSize(before.size() + 1);
        assertThat(markdown(doc)).isEqualTo("1. one\n2. two and more\n   - nested\n   - new\n3. three\n");
    }

    @Test
    void aTaskIsTickedInPlace() {
        Doc doc = LiveDocs.markdown("- [ ] buy milk\n- [ ] sell cow\n");
        List<String> before = ids(doc);
        put(doc, "- [x] buy milk\n- [ ] sell cow\n");
        assertThat(ids(doc)).isEqualTo(before);
        assertThat(markdown(doc)).isEqualTo("- [x] buy milk\n- [ ] sell cow\n");
    }

    @Test
    void oneCellOfATableChangesAlone() {
        Doc doc = LiveDocs.markdown("| a | b |\n| --- | --- |\n| c | d |\n");
        List<String> before = ids(doc);
        put(doc, "| a | b |\n| --- | --- |\n| c | **e** |\n| f | g |\n");
        assertThat(ids(doc)).containsAll(before);
        assertThat(markdown(doc)).isEqualTo("| a | b |\n| --- | --- |\n| c | **e** |\n| f | g |\n");
    }

    @Test
    void blankParagraphsStayWhereTheyAre() {
        Doc doc = LiveDocs.of(List.of(
                Element.paragraph(Inline.of("One.")),
                Element.paragraph(Inline.EMPTY),
                Element.paragraph(Inline.of("Two.")),
                Element.paragraph(Inline.EMPTY)));
        put(doc, "One.\n\nTwo!\n\nThree.\n");
        assertThat(doc.xmlFragment("default").length()).isEqualTo(5);
        assertThat(render(doc, Format.TEXT)).isEqualTo("One.\n\nTwo!\nThree.\n\n");
    }

    @Test
    void theBlankParagraphOfANewDocumentIsFilled() {
        Doc doc = LiveDocs.of(List.of(Element.paragraph(Inline.EMPTY)));
        List<String> before = ids(doc);
        put(doc, "Hello.\n");
        assertThat(ids(doc)).isEqualTo(before);
    }

    @Test
    void codeInPlainTextTakesItsLines() {
        Doc doc = LiveDocs.markdown("Before\n\n```java\nint a;\nint b;\n```\n\nline\\\nbreak\n");
        List<String> before = ids(doc);
        String text = render(doc, Format.TEXT);
        assertThat(text).isEqualTo("Before\nint a;\nint b;\nline\nbreak\n");
        Contents.replace(
                doc, Format.TEXT, bytes(text.replace("int b", "int x;\nint b").replace("line", "new line")), null);
        assertThat(ids(doc)).isEqualTo(before);
        assertThat(markdown(doc)).isEqualTo("Before\n\n```java\nint a;\nint x;\nint b;\n```\n\nnew line\\\nbreak\n");
    }

    @Test
    void oneWordInAMegabyteIsQuickAndTouchesOneBlock() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 1_000_000; i++) {
            text.append("Paragraph number ")
                    .append(i)
                    .append(" with **bold** and [a link](https://example.com/")
                    .append(i)
                    .append(") and some more words to fill the line.\n\n");
        }
        String before = text.toString().strip() + "\n";
        Doc doc = LiveDocs.markdown(before);
        List<String> blocks = ids(doc);
        assertThat(markdown(doc)).isEqualTo(before);
        String after = before.replace("number 5000 with", "number 5000 without");
        List<byte[]> updates = updatesOf(doc);
        put(doc, before);
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        put(doc, after);
        long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000;
        assertThat(markdown(doc)).isEqualTo(after);
        assertThat(ids(doc)).isEqualTo(blocks);
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).length).isLessThan(100);
        assertThat(millis).as("milliseconds").isLessThan(5_000);
    }
}
