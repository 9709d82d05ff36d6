package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.ids;
import static ai.materi.collab.content.LiveDocs.markdown;
import static ai.materi.collab.content.LiveDocs.put;
import static ai.materi.collab.content.LiveDocs.render;
import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.Doc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A document as TipTap stored it; made by {@code interop/fixtures}. */
class TipTapFixtureTest {
    private static final String MARKDOWN = """
            ## A *rich* document

            Plain, **bold**, ***both***, ~~struck~~, under, `code` and [a link](https://example.com/a\\_b).\\
            Second line.

            - one
            - two

              3. three

            * [x] done
            * [ ] to do

            > Quoted.

            ```java
            int x = 1;
            int y;
            ```

            ---

            ![An image](https://example.com/i.png "Title")

            | a | b |
            | --- | --- |
            | c\\|d | **e** |
            """;

    static Doc tipTap() {
        try (InputStream in = TipTapFixtureTest.class.getResourceAsStream("/content/tiptap.b64")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Doc.of(Base64.getDecoder().decode(text.strip()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itReadsAsMarkdown() {
        assertThat(markdown(tipTap())).isEqualTo(MARKDOWN);
    }

    @Test
    void itReadsAsHtml() {
        assertThat(render(tipTap(), Format.HTML))
                .contains("<h2>A <em>rich</em> document</h2>")
                .contains("<u>under</u>")
                .contains("<li data-type=\"taskItem\" data-checked=\"true\">")
                .contains("<ol start=\"3\">")
                .contains("<th><p>a</p></th>");
    }

    @ParameterizedTest
    @EnumSource(names = {"MARKDOWN", "HTML", "TEXT", "PROSEMIRROR"})
    void writingItBackChangesNothing(Format format) {
        Doc doc = tipTap();
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> updates.add(update));
        Contents.replace(doc, format, Contents.render(doc, format), null);
        assertThat(updates).isEmpty();
    }

    @Test
    void aChangeLeavesTheRestAlone() {
        Doc doc = tipTap();
        List<String> before = ids(doc);
        String changed = MARKDOWN.replace("Plain,", "Not plain,")
                .replace("[ ] to do", "[x] to do")
                .replace("int y;", "int z;");
        put(doc, changed);
        assertThat(markdown(doc)).isEqualTo(changed);
        assertThat(ids(doc)).isEqualTo(before);
        assertThat(render(doc, Format.PROSEMIRROR))
                .contains("{\"type\":\"underline\"}")
                .contains("\"target\":\"_blank\"");
    }
}
