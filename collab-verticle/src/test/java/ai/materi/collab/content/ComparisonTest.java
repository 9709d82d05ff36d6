package ai.materi.collab.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlText;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.BlockChange;
import ai.materi.proto.collab.v1.ComparedBlock;
import ai.materi.proto.collab.v1.ComparedRun;
import ai.materi.proto.collab.v1.RunChange;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of two states of a document is what happened between them: which words, which blocks, by whom. */
@Timeout(120)
class ComparisonTest {
    private static final int MOST = 2_000;
    private static final long ADA = 7;
    private static final UUID ADA_ID = new UUID(7, 7);
    private static final UUID BOB_ID = new UUID(8, 8);
    private static final OffsetDateTime AT = OffsetDateTime.parse("2026-11-20T12:00:00Z");

    /** Client 7 is Ada's, of others nothing is known; Bob deleted whatever is gone. */
    private static final Writers WRITERS = new Writers() {
        @Override
        public Known wrote(long client, long clock) {
            return new Known(client == ADA ? new Written(ADA_ID, null, AT) : null, Long.MAX_VALUE);
        }

        @Override
        public Known deleted(long client, long clock) {
            return new Known(new Written(BOB_ID, ADA_ID, AT), Long.MAX_VALUE);
        }
    };

    private static Comparison compared(Doc before, Consumer<Doc> edit) {
        Doc after = LiveDocs.copy(before, ADA);
        edit.accept(after);
        return Comparison.of(before, after, WRITERS, MOST);
    }

    private static Comparison compared(String before, String after) {
        return compared(LiveDocs.markdown(before), doc -> LiveDocs.put(doc, after));
    }

    private static String html(Comparison comparison) {
        return comparison
                .html(Map.of(ADA_ID, "Ada \"<Countess>\""))
                .replace(
                        " data-author=\"" + ADA_ID + "\" data-author-name=\"Ada &quot;&lt;Countess&gt;&quot;\"", " ADA")
                .replace(" data-author=\"" + BOB_ID + "\" data-via=\"" + ADA_ID + "\"", " BOB")
                .replace(" datetime=\"2026-11-20T12:00:00Z\"", "");
    }

    private static String shown(Comparison comparison) {
        return comparison.blocks().stream().map(ComparisonTest::shown).collect(Collectors.joining(" / "));
    }

    private static String shown(ComparedBlock block) {
        String runs = block.getRunsList().stream().map(ComparisonTest::shown).collect(Collectors.joining());
        return block.getChange().toString().substring("BLOCK_CHANGE_".length()).toLowerCase(java.util.Locale.ROOT) + " "
                + runs;
    }

    private static String shown(ComparedRun run) {
        return switch (run.getChange()) {
            case RUN_CHANGE_INSERTED -> "[+" + run.getText() + "]";
            case RUN_CHANGE_DELETED -> "[-" + run.getText() + "]";
            case RUN_CHANGE_FORMATTED ->
                "[" + run.getText() + " +" + run.getAddedList() + " -" + run.getRemovedList() + "]";
            default -> run.getText();
        };
    }

    @Test
    void saysWhichWordsCameAndWentAndByWhom() {
        Comparison comparison = compared("the quick brown fox", "the slow brown fox");

        assertThat(shown(comparison)).isEqualTo("changed the [-quick][+slow] brown fox");
        assertThat(html(comparison))
                .isEqualTo("<p class=\"materi-changed\">the <del class=\"materi-deleted\" BOB>quick</del>"
                        + "<ins class=\"materi-inserted\" ADA>slow</ins> brown fox</p>\n");
        ComparedRun slow = comparison.blocks().get(0).getRuns(2);
        assertThat(slow.getBy().getAuthorId()).isEqualTo(ADA_ID.toString());
        assertThat(slow.getBy().getAt()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(comparison.everybody()).containsExactlyInAnyOrder(ADA_ID, BOB_ID);
    }

    @Test
    void givesAWordThatGrewToWhomMadeItGrow() {
        Comparison comparison =
                compared(LiveDocs.markdown("a word"), doc -> text(doc).insert(6, "s"));

        ComparedBlock block = comparison.blocks().get(0);
        assertThat(shown(comparison)).isEqualTo("changed a [-word][+words]");
        assertThat(block.getRuns(1).getBy().getAuthorId()).isEqualTo(ADA_ID.toString());
        assertThat(block.getRuns(2).getBy().getAuthorId()).isEqualTo(ADA_ID.toString());
    }

    @Test
    void saysWhichFormattingChanged() {
        Comparison comparison = compared("we ship in **May**", "we **ship** in May");

        assertThat(shown(comparison)).isEqualTo("changed we [ship +[bold] -[]] in [May +[] -[bold]]");
        assertThat(html(comparison))
                .contains("<span class=\"materi-formatted\" data-added=\"bold\"><strong>ship</strong></span>");
    }

    @Test
    void tellsBlocksByTheirIdentity() {
        Doc before = LiveDocs.markdown("# Plan\n\nfirst\n\nsecond\n");
        Comparison comparison = compared(before, doc -> LiveDocs.put(doc, "# Plan\n\nnew here\n\nsecond changed\n"));

        List<ComparedBlock> blocks = comparison.blocks();
        assertThat(shown(comparison)).isEqualTo("kept Plan / changed [-first][+new here] / changed second[+ changed]");
        assertThat(blocks.get(0).getId()).isEqualTo(LiveDocs.ids(before).get(0));
        assertThat(blocks.get(2).getWasId()).isEqualTo(blocks.get(2).getId());
    }

    @Test
    void saysWhichBlocksCameAndWent() {
        Doc before = LiveDocs.markdown("one\n\ntwo\n\nthree\n");
        Comparison comparison = compared(before, doc -> {
            doc.xmlFragment("default").delete(1, 1);
            doc.xmlFragment("default").insert(2, LiveWriter.created(List.of(Element.paragraph(Inline.of("four")))));
        });

        assertThat(shown(comparison)).isEqualTo("kept one / deleted [-two] / kept three / inserted [+four]");
        ComparedBlock gone = comparison.blocks().get(1);
        assertThat(gone.getId()).isEmpty();
        assertThat(gone.getWasId()).isEqualTo(LiveDocs.ids(before).get(1));
        assertThat(gone.getBy().getAuthorId()).isEqualTo(BOB_ID.toString());
        assertThat(gone.getBy().getViaId()).isEqualTo(ADA_ID.toString());
        assertThat(comparison.blocks().get(3).getBy().getAuthorId()).isEqualTo(ADA_ID.toString());
    }

    @Test
    void namesAttributesAndTypesThatChanged() {
        Comparison comparison = compared("# Plan\n\ntext here\n", "## Plan\n\n### text here\n");

        ComparedBlock title = comparison.blocks().get(0);
        ComparedBlock text = comparison.blocks().get(1);
        assertThat(title.getChange()).isEqualTo(BlockChange.BLOCK_CHANGE_CHANGED);
        assertThat(title.getAttributesList()).containsExactly("level");
        assertThat(text.getWasType()).isEqualTo("paragraph");
        assertThat(text.getType()).isEqualTo("heading");
        assertThat(text.getRunsList()).extracting(ComparedRun::getChange).containsExactly(RunChange.RUN_CHANGE_EQUAL);
    }

    @Test
    void marksItemsAndCellsWhereTheyStand() {
        String before = "- one\n- two\n\n| a | b |\n| --- | --- |\n| c | d |\n";
        String after = "- one\n- one and a half\n- two\n\n| a | b |\n| --- | --- |\n| c | e |\n";

        String html = html(compared(before, after));

        assertThat(html)
                .contains("<li class=\"materi-inserted\"><p class=\"materi-inserted\">"
                        + "<ins class=\"materi-inserted\" ADA>one and a half</ins></p></li>")
                .contains("<td><p class=\"materi-changed\"><del class=\"materi-deleted\" BOB>d</del>"
                        + "<ins class=\"materi-inserted\" ADA>e</ins></p></td>");
    }

    @Test
    void comparesPlainText() {
        Doc before = new Doc(1);
        before.text("content").insert(0, "let a = 1;\nlet b = 2;\n");
        Comparison comparison = compared(before, doc -> doc.text("content").insert(4, "mut "));

        assertThat(shown(comparison)).isEqualTo("changed let [+mut ]a = 1;\nlet b = 2;\n");
        assertThat(comparison.blocks().get(0).getId()).isEqualTo("content");
        assertThat(comparison.blocks().get(0).getType()).isEqualTo("text");
        assertThat(html(comparison)).startsWith("<pre class=\"materi-changed\"><code>let <ins ");
    }

    @Test
    void comparesWithNothing() {
        Doc full = LiveDocs.markdown("text");

        assertThat(shown(Comparison.of(new Doc(), full, WRITERS, MOST))).isEqualTo("inserted [+text]");
        assertThat(shown(Comparison.of(full, new Doc(), WRITERS, MOST))).isEqualTo("deleted [-text]");
        assertThat(Comparison.of(full, full, WRITERS, MOST).everybody()).isEmpty();
    }

    @Test
    void escapesWhateverTheDocumentHolds() {
        Comparison comparison = compared(LiveDocs.markdown("safe"), doc -> {
            YXmlElement block = new YXmlElement("paragraph\"><script>");
            block.insert(0, List.of(new YXmlText()));
            doc.xmlFragment("default").insert(1, List.of(block));
            ((YText) block.children().get(0))
                    .insert(0, "<script>alert(1)</script>", Map.of("link", Map.of("href", "javascript:alert(1)")));
            text(doc).format(0, 4, Map.of("\"><img src=x onerror=alert(1)>", true));
        });

        assertThat(html(comparison))
                .doesNotContain("<script", "<img", "javascript:")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void hasBothTextsInItsRuns() {
        long first = System.nanoTime();
        for (long seed = first; seed < first + 100; seed++) {
            Random random = new Random(seed);
            Doc before = LiveDocs.of(new RandomTrees(seed, true).document());
            Doc after = LiveDocs.copy(before, ADA);
            int length = after.xmlFragment("default").length();
            if (length == 0 || random.nextBoolean()) {
                Contents.restore(after, LiveDocs.of(new RandomTrees(-seed, true).document()));
            } else {
                after.xmlFragment("default").delete(random.nextInt(length), 1);
            }

            List<ComparedBlock> blocks =
                    Comparison.of(before, after, WRITERS, MOST).blocks();

            assertThat(side(blocks, RunChange.RUN_CHANGE_INSERTED))
                    .as("seed %d", seed)
                    .isEqualTo(texts(before));
            assertThat(side(blocks, RunChange.RUN_CHANGE_DELETED))
                    .as("seed %d", seed)
                    .isEqualTo(texts(after));
        }
    }

    @Test
    void refusesMoreThanAnAnswerMayHold() {
        Doc before = LiveDocs.markdown("one word\n\n".repeat(MOST));
        Doc after = LiveDocs.copy(before, ADA);
        text(after).insert(0, "not ");

        assertThat(((Problem) catchThrowable(() -> Comparison.of(before, after, WRITERS, MOST))).code())
                .isEqualTo(ProblemCode.TOO_LARGE);
    }

    @Test
    void comparesAMegabyteThatChangedEverywhere() {
        Doc before = new Doc(1);
        before.text("content").insert(0, "word after word, ".repeat(60_000));
        Comparison comparison = compared(before, doc -> {
            doc.text("content").delete(0, doc.text("content").length());
            doc.text("content").insert(0, "other word, ".repeat(80_000));
        });

        assertThat(comparison.blocks()).hasSize(1);
        assertThat(comparison.html(Map.of())).isNotEmpty();
    }

    /** The text without the words of one kind. */
    private static String side(List<ComparedBlock> blocks, RunChange without) {
        return blocks.stream()
                .flatMap(block -> block.getRunsList().stream())
                .filter(run -> run.getChange() != without)
                .map(ComparedRun::getText)
                .collect(Collectors.joining());
    }

    private static String texts(Doc doc) {
        return Contents.blocks(doc).stream().map(block -> block.getText()).collect(Collectors.joining());
    }

    private static YText text(Doc doc) {
        YXmlElement block = (YXmlElement) doc.xmlFragment("default").children().get(0);
        return (YText) block.children().get(0);
    }
}
