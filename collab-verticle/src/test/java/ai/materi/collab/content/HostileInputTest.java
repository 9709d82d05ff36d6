package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.bytes;
import static ai.materi.collab.content.LiveDocs.markdown;
import static ai.materi.collab.content.LiveDocs.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {
    private static void refused(Format format, byte[] content) {
        Doc doc = LiveDocs.markdown("before\n");
        assertThatThrownBy(() -> Contents.replace(doc, format, content, null))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.code()).isEqualTo(ProblemCode.CONTENT_INVALID));
        assertThat(markdown(doc)).isEqualTo("before\n");
    }

    private static Doc written(Format format, String content) {
        Doc doc = new Doc(1);
        Contents.replace(doc, format, bytes(content), null);
        return doc;
    }

    @ParameterizedTest
    @EnumSource(names = {"MARKDOWN", "HTML", "TEXT", "PROSEMIRROR"})
    void brokenUtf8IsRefused(Format format) {
        refused(format, new byte[] {'a', (byte) 0xC3, '('});
        refused(format, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
    }

    @Test
    void whatIsNoUpdateIsRefused() {
        refused(Format.YJS, new byte[] {1, 2, 3, 4, 5});
        refused(Format.YJS, new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"type\":\"page\"}",
                "{\"type\":1}",
                "{\"type\":\"doc\",\"content\":{}}",
                "{\"type\":\"doc\",\"content\":[1]}",
                "{\"type\":\"doc\",\"content\":[{}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"\"}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"\"}]}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":7}]}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"attrs\":[]}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"marks\":{}}]}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"marks\":[{}]}]}]}",
                "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"\\ud800\"}]}]}"
            })
    void proseMirrorJsonOfAnotherShapeIsRefused(String json) {
        refused(Format.PROSEMIRROR, bytes(json));
    }

    @Test
    void aRefusalNamesThePlace() {
        assertThatThrownBy(() -> written(
                        Format.PROSEMIRROR,
                        "{\"type\":\"doc\",\"content\":[{\"type\":\"p\"},{\"type\":\"p\",\"content\":[7]}]}"))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.members()).containsEntry("pointer", "/content/1/content/0"));
    }

    @Test
    void deepNestingIsRefusedOrFlattenedButNeverOverflows() {
        int deep = 50_000;
        refused(
                Format.PROSEMIRROR,
                bytes("{\"type\":\"doc\",\"content\":[" + "{\"type\":\"blockquote\",\"content\":[".repeat(900)
                        + "]}".repeat(900) + "]}"));
        refused(Format.PROSEMIRROR, bytes("[".repeat(deep)));
        refused(Format.HTML, bytes("<div>".repeat(deep) + "x"));
        refused(Format.HTML, bytes("<b><ul><li>".repeat(deep) + "x"));
        for (String marker : List.of(">", "- ", "1. ", "[", "![", "*a _b ", "**a*b", "~~x ", "`", "<b>", "| a ")) {
            Doc doc = new Doc(1);
            try {
                Contents.replace(doc, Format.MARKDOWN, bytes(marker.repeat(deep) + "x"), null);
                assertThat(markdown(doc)).isNotEmpty();
            } catch (Problem refused) {
                assertThat(refused.code()).as(marker).isEqualTo(ProblemCode.CONTENT_INVALID);
            }
        }
    }

    @Test
    void aLiveDocumentDeeperThanTheBoundIsReadUpToIt() {
        Doc doc = new Doc(1);
        YXmlFragment at = doc.xmlFragment("default");
        for (int i = 0; i < 5_000; i++) {
            YXmlElement inner = new YXmlElement("blockquote");
            at.push(List.of(inner));
            at = inner;
        }
        for (Format format : Format.values()) {
            assertThat(Contents.render(doc, format)).isNotNull();
        }
        LiveDocs.put(doc, "new\n");
        assertThat(markdown(doc)).isEqualTo("new\n");
    }

    @Test
    void aLineOfAMegabyteIsReadWrittenAndChanged() {
        StringBuilder line = new StringBuilder();
        Random random = new Random(1);
        while (line.length() < 1_000_000) {
            line.append(Integer.toString(random.nextInt(5_000), 36)).append(' ');
        }
        String text = line.toString().strip() + "\n";
        Doc doc = LiveDocs.markdown(text);
        assertThat(markdown(doc)).isEqualTo(text);
        List<String> before = LiveDocs.ids(doc);
        String changed = text.substring(0, 500_000) + " inserted " + text.substring(500_000, 900_000) + " again "
                + text.substring(900_000);
        LiveDocs.put(doc, changed);
        assertThat(markdown(doc)).isEqualTo(changed);
        assertThat(LiveDocs.ids(doc)).isEqualTo(before);
    }

    @Test
    void oneWordAMillionTimesIsAlignedInBoundedTime() {
        String text = "a ".repeat(300_000).strip() + "\n";
        Doc doc = LiveDocs.markdown(text);
        LiveDocs.put(doc, "b ".repeat(300_000) + "a\n");
        assertThat(markdown(doc)).startsWith("b b").endsWith("b a\n");
    }

    @Test
    void nulsAndLoneSurrogatesNeverReachTheText() {
        assertThat(markdown(written(Format.MARKDOWN, "a\0b\n"))).isEqualTo("a\uFFFDb\n");
        assertThat(markdown(written(Format.TEXT, "a\0b\r\nc"))).isEqualTo("a\uFFFDb\n\nc\n");
        Doc doc = new Doc(1);
        YXmlElement paragraph = new YXmlElement("paragraph");
        paragraph.push(List.of(new ai.materi.crdt.YXmlText("a\uD800b")));
        doc.xmlFragment("default").push(List.of(paragraph));
        for (Format format : List.of(Format.MARKDOWN, Format.HTML, Format.TEXT, Format.PROSEMIRROR)) {
            assertThat(render(doc, format)).contains("a\uFFFDb");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "<img src='javascript:alert(1)'>",
                "<a href='javascript:alert(1)'>x</a>",
                "<a href=' jAvA\tscript:alert(1)'>x</a>",
                "<a href='java&#10;script:alert(1)'>x</a>",
                "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
                "<a href='vbscript:x'>x</a>",
                "<svg onload=alert(1)><script>alert(1)</script></svg>",
                "<math><mtext><script>alert(1)</script></mtext></math>",
                "<iframe src=javascript:alert(1)></iframe>",
                "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
                "<textarea><script>alert(1)</script></textarea>",
                "<template><script>alert(1)</script></template>",
                "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
                "<pre><code class='language-\"><script>alert(1)</script>'>x</code></pre>",
                "<img alt='\"><script>alert(1)</script>' src='/x'>",
                "[x](javascript:alert(1))",
                "![x](javascript:alert(1))",
                "<javascript:alert(1)>",
                "[x]: javascript:alert(1)\n\n[x]",
                "<b onmouseover=alert(1)>x</b>",
                "`</code><script>alert(1)</script>`"
            })
    void nothingThatRunsComesOutAsHtml(String attack) {
        for (Format format : List.of(Format.HTML, Format.MARKDOWN, Format.TEXT)) {
            String html = render(written(format, attack), Format.HTML).toLowerCase(Locale.ROOT);
            assertThat(html).doesNotContain("<script").doesNotContain("<iframe").doesNotContain("<svg");
            String tags = html.replaceAll(">[^<]*<", "><");
            assertThat(tags.replaceAll("=\"[^\"]*\"", "")).doesNotContain(" on");
            assertThat(tags)
                    .doesNotContain("href=\"javascript")
                    .doesNotContain("src=\"javascript")
                    .doesNotContain("=\"data:text");
        }
    }

    @Test
    void anAddressThatRunsIsNotShownEvenWhenAnEditorPutItThere() {
        Doc doc = LiveDocs.of(List.of(
                Element.paragraph(new Inline.Builder()
                        .text("x", Marks.NONE.with(Marks.LINK, Fit.link("javascript:alert(1)", "")))
                        .build()),
                MarkdownInlineParser.image("javascript:alert(1)", "", "")));
        assertThat(render(doc, Format.HTML)).isEqualTo("<p>x</p>\n<img src=\"\">\n");
        assertThat(markdown(doc)).startsWith("x\n");
    }

    @Test
    void tooManyNodesAreRefused() {
        refused(Format.TEXT, bytes("a\n".repeat(Bounds.NODES + 10)));
        refused(Format.MARKDOWN, bytes("a\n\n".repeat(Bounds.NODES + 10)));
        refused(Format.HTML, bytes("<p>a".repeat(Bounds.NODES + 10)));
    }

    @Test
    void randomBytesNeverBreakAnything() {
        for (long seed = 1; seed <= 600; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextInt(10) > 0
                        ? (byte) "<>/*_`[]()#- \n|!&;:~a\"=".charAt(random.nextInt(23))
                        : noise[i];
            }
            for (Format format : List.of(Format.MARKDOWN, Format.HTML, Format.TEXT, Format.YJS)) {
                Doc doc = LiveDocs.markdown("some text\n");
                try {
                    Contents.replace(doc, format, noise, null);
                    String once = markdown(doc);
                    Contents.replace(doc, Format.MARKDOWN, bytes(once), null);
                    assertThat(markdown(doc)).as("seed %d as %s", seed, format).isEqualTo(once);
                } catch (Problem refused) {
                    assertThat(refused.code()).as("seed %d", seed).isEqualTo(ProblemCode.CONTENT_INVALID);
                }
            }
        }
    }
}
