package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.ids;
import static ai.materi.collab.content.LiveDocs.markdown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.content.Typist.Place;
import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.YXmlElement;
import ai.materi.proto.collab.v1.Quote;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TypistTest {
    private static final int WRITINGS = Integer.getInteger("materi.writings", 120);
    private static final String ANSWER = """
            # A *title* 😀

            First **bold paragraph** with `code` and a [link](https://example.com).
            Second line.

            - one
            - two
              - nested

            ```java
            int x = 1; // **not bold**

            int y;
            ```

            | a | b |
            | --- | --- |
            | 1 | 2 |

            1. first
            2. second

            > quoted

            ---

            The end\\
            of it.
            """;

    private static void typeInPieces(Typist typist, String text, Random random) {
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(7));
            typist.type(text.substring(at, end));
            at = end;
        }
    }

    @Test
    void howeverItIsCutTheResultIsThatOfTheMarkdown() {
        for (long seed = 1; seed <= WRITINGS / 6; seed++) {
            Doc doc = LiveDocs.markdown("Before.\n");
            Typist typist = new Typist(doc, new Place.End());
            typeInPieces(typist, ANSWER, new Random(seed));
            typist.finish();
            assertThat(markdown(doc))
                    .as("seed %d", seed)
                    .isEqualTo(markdown(LiveDocs.markdown("Before.\n\n" + ANSWER)));
        }
    }

    @Test
    void randomMarkdownEndsAsItWouldHaveBeenRead() {
        Rendering rendering = new Rendering(Format.MARKDOWN, false);
        for (long seed = 1; seed <= WRITINGS; seed++) {
            String text = rendering.document(new RandomTrees(seed, false).document());
            Doc doc = new Doc(1);
            Typist typist = new Typist(doc, new Place.End());
            typeInPieces(typist, text, new Random(seed));
            typist.finish();
            assertThat(markdown(doc)).as("seed %d", seed).isEqualTo(text);
        }
    }

    @Test
    void textAppearsAsItComes() {
        Doc doc = LiveDocs.markdown("Before.\n");
        Typist typist = new Typist(doc, new Place.End());
        typist.type("Hel");
        assertThat(markdown(doc)).isEqualTo("Before.\n\nHel\n");
        typist.type("lo **wor");
        assertThat(markdown(doc)).isEqualTo("Before.\n\nHello **wor**\n");
        typist.type("ld** \uD83D");
        assertThat(markdown(doc)).isEqualTo("Before.\n\nHello **world**\n");
        typist.type("\uDE00.");
        assertThat(markdown(doc)).isEqualTo("Before.\n\nHello **world** 😀.\n");
    }

    @Test
    void peopleGoOnWritingInTheSameBlockAndAround() {
        for (long seed = 1; seed <= WRITINGS / 3; seed++) {
            Random random = new Random(seed);
            Doc doc = LiveDocs.markdown("Top.\n\nBottom.\n");
            String top = ids(doc).get(0);
            Doc person = LiveDocs.copy(doc, 50);
            doc.onUpdate((update, origin, local) -> person.applyUpdate(update, "wire"));
            person.onUpdate((update, origin, local) -> {
                if (local) {
                    doc.applyUpdate(update, "wire");
                }
            });
            Typist typist = new Typist(doc, new Place.AfterBlock(top));
            int written = 0;
            for (int i = 0; i < 40; i++) {
                typist.type("word" + i + (i % 10 == 9 ? "\n\n" : " "));
                YXmlElement block = (YXmlElement) person.xmlFragment("default")
                        .child(random.nextInt(person.xmlFragment("default").length()));
                if (random.nextInt(3) == 0 && block.length() > 0 && block.child(0) instanceof YText text) {
                    text.insert(random.nextInt(text.length() + 1), "@");
                    written++;
                }
            }
            typist.finish();
            String result = markdown(doc);
            assertThat(result.chars().filter(c -> c == '@').count())
                    .as("seed %d", seed)
                    .isEqualTo(written);
            String without = result.replace("@", "");
            for (int i = 0; i < 40; i++) {
                assertThat(without).as("seed %d", seed).contains("word" + i);
            }
            assertThat(without).as("seed %d", seed).startsWith("Top.").endsWith("Bottom.\n");
            assertThat(markdown(person)).isEqualTo(result);
        }
    }

    @Test
    void whenItsBlockIsDeletedItGoesOnAfterTheNearestThatIsLeft() {
        Doc doc = LiveDocs.markdown("A.\n\nB.\n\nC.\n");
        Typist typist = new Typist(doc, new Place.AfterBlock(ids(doc).get(1)));
        typist.type("Some words");
        assertThat(markdown(doc)).isEqualTo("A.\n\nB.\n\nSome words\n\nC.\n");
        doc.xmlFragment("default").delete(1, 2);
        typist.type(" and more");
        typist.finish();
        assertThat(markdown(doc)).isEqualTo("A.\n\nand more\n\nC.\n");
    }

    @Test
    void aQuoteIsReplacedInItsText() {
        Doc doc = LiveDocs.markdown("The quick brown fox.\n\nNext.\n");
        List<String> before = ids(doc);
        Typist typist = new Typist(
                doc,
                new Place.InsteadOf(Quote.newBuilder().setExact("quick brown").build()));
        for (String chunk : List.of("very ", "**sl", "ow** ", "red")) {
            typist.type(chunk);
        }
        typist.finish();
        assertThat(markdown(doc)).isEqualTo("The very **slow** red fox.\n\nNext.\n");
        assertThat(ids(doc)).isEqualTo(before);
    }

    @Test
    void furtherBlocksFollowTheBlockOfTheQuote() {
        Doc doc = LiveDocs.markdown("The quick fox.\n\nNext.\n");
        Typist typist = new Typist(
                doc, new Place.InsteadOf(Quote.newBuilder().setExact("quick").build()));
        typeInPieces(typist, "slow\n\n- a\n- b\n", new Random(1));
        typist.finish();
        assertThat(markdown(doc)).isEqualTo("The slow fox.\n\n- a\n- b\n\nNext.\n");
    }

    @Test
    void aQuotedParagraphBecomesWhateverIsTyped() {
        Doc doc = LiveDocs.markdown("All of it.\n\nNext.\n");
        Typist typist = new Typist(
                doc,
                new Place.InsteadOf(Quote.newBuilder().setExact("All of it.").build()));
        typeInPieces(typist, "## Title\n\ntext", new Random(1));
        typist.finish();
        assertThat(markdown(doc)).isEqualTo("## Title\n\ntext\n\nNext.\n");
    }

    @Test
    void theCursorStandsBehindWhatWasTyped() {
        Doc doc = LiveDocs.markdown("Before.\n");
        Typist typist = new Typist(doc, new Place.End());
        typist.type("Hello");
        var found = Objects.requireNonNull(typist.cursor().resolve(doc));
        assertThat(found.type()).isInstanceOf(YText.class);
        assertThat(found.index()).isEqualTo(5);
    }
}
