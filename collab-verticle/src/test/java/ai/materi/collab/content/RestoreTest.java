package ai.materi.collab.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.materi.crdt.Delta;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YXmlElement;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTest {
    private static final String FIRST = "# Plan\n\nWe ship in **May**.\n\n- one\n- two\n";

    /** The document after an edit, brought back to what it was before. */
    private static Doc restored(Doc before, Consumer<Doc> edit) {
        Doc past = LiveDocs.copy(before, 5);
        Doc doc = LiveDocs.copy(before, 6);
        edit.accept(doc);
        Contents.restore(doc, past);
        return doc;
    }

    private static int updates(Doc doc, Doc past) {
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> updates.add(update));
        Contents.restore(doc, past);
        return updates.size();
    }

    @Test
    void bringsRichTextBack() {
        Doc doc = restored(LiveDocs.markdown(FIRST), d -> LiveDocs.put(d, "# Other\n\nWe ship in June.\n"));

        assertThat(LiveDocs.markdown(doc)).isEqualTo(FIRST);
    }

    @Test
    void bringsBackAnyTree() {
        long first = System.nanoTime();
        for (long seed = first; seed < first + 200; seed++) {
            Doc past = LiveDocs.of(new RandomTrees(seed, true).document());
            Doc doc = LiveDocs.of(new RandomTrees(-seed, true).document());

            Contents.restore(doc, past);

            assertThat(LiveDocs.render(doc, Format.PROSEMIRROR))
                    .as("seed %d", seed)
                    .isEqualTo(LiveDocs.render(past, Format.PROSEMIRROR));
        }
    }

    @Test
    void doesNotTouchWhatIsEqual() {
        Doc before = LiveDocs.markdown("one\n\ntwo\n\nthree\n");
        List<String> ids = LiveDocs.ids(before);

        Doc doc = restored(before, d -> LiveDocs.put(d, "one\n\ntwo and more\n\nthree\n"));

        assertThat(LiveDocs.ids(doc)).isEqualTo(ids);
    }

    @Test
    void writesNothingWhenNothingDiffers() {
        Doc plain = new Doc(1);
        plain.text("monaco").insert(0, "plain");
        Doc formatted = new Doc(1);
        formatted
                .text("quill")
                .applyDelta(List.of(new Delta.Insert("bold", Map.of("bold", true)), new Delta.Insert("!")));

        for (Doc doc : List.of(LiveDocs.markdown(FIRST), plain, formatted, new Doc(1))) {
            assertThat(updates(LiveDocs.copy(doc, 4), LiveDocs.copy(doc, 5))).isZero();
        }
    }

    @Test
    void bringsBackWhatNoFormatShows() {
        Doc before = LiveDocs.markdown("text\n");
        YXmlElement block = new YXmlElement("callout");
        block.setAttribute("mood", "calm");
        before.xmlFragment("default").push(List.of(block));

        Doc doc = restored(before, d -> d.xmlFragment("default").delete(1, 1));

        assertThat(doc.xmlFragment("default").toString())
                .isEqualTo(before.xmlFragment("default").toString())
                .contains("calm");
    }

    @Test
    void bringsPlainTextBackByWords() {
        Doc before = new Doc(1);
        before.text("codemirror").insert(0, "int a = 1;\nint b = 2;\n");

        Doc doc = restored(before, d -> d.text("codemirror").insert(4, "long"));

        assertThat(doc.text("codemirror").toString()).isEqualTo("int a = 1;\nint b = 2;\n");
    }

    @Test
    void bringsFormatsAndEmbedsOfAFormattedTextBack() {
        Doc before = new Doc(1);
        before.text("quill")
                .applyDelta(List.of(
                        new Delta.Insert("plain "),
                        new Delta.Insert("bold", Map.of("bold", true)),
                        new Delta.Insert(Map.of("image", "x.png")),
                        new Delta.Insert(" end")));

        Doc doc = restored(before, d -> {
            d.text("quill").delete(8, 4);
            d.text("quill").insert(0, "new ");
        });

        assertThat(doc.text("quill").toDelta()).isEqualTo(before.text("quill").toDelta());
    }

    @Test
    void emptiesATextThatWasNotThere() {
        Doc doc = restored(new Doc(1), d -> LiveDocs.put(d, FIRST));

        assertThat(LiveDocs.markdown(doc)).isEmpty();
    }

    @Test
    void fillsATextThatWasEmptied() {
        Doc doc = restored(LiveDocs.markdown(FIRST), d -> LiveDocs.put(d, ""));

        assertThat(LiveDocs.markdown(doc)).isEqualTo(FIRST);
    }

    @Test
    void leavesWhatIsNoTextAsItIs() {
        Doc before = LiveDocs.markdown(FIRST);
        before.map("meta").set("title", "old");

        Doc doc = restored(before, d -> {
            d.map("meta").set("title", "new");
            LiveDocs.put(d, "other");
        });

        assertThat(doc.map("meta").get("title")).isEqualTo("new");
        assertThat(LiveDocs.markdown(doc)).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shapes", "content", "default"})
    void refusesAVersionWithoutText(String root) {
        Doc past = new Doc(1);
        past.map(root).set("a", 1);

        Throwable refusal = catchThrowable(() -> Contents.restore(LiveDocs.copy(past, 2), LiveDocs.copy(past, 3)));

        assertThat(((Problem) refusal).code()).isEqualTo(ProblemCode.CONFLICT);
    }
}
