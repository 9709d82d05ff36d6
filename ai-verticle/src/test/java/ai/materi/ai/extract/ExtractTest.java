package ai.materi.ai.extract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.ai.extract.Extract.Piece;
import ai.materi.ai.provider.Prompt.SourceBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExtractTest {
    private static final List<SourceBlock> BLOCKS = List.of(
            new SourceBlock("1:0", "heading", 1, "Rivers"),
            new SourceBlock(
                    "1:5",
                    "paragraph",
                    0,
                    "A river carries water from the hills to the sea. It was warm yesterday. The water of a river shapes the"
                            + " hills."),
            new SourceBlock("1:9", "heading", 2, "Deltas"),
            new SourceBlock(
                    "1:12",
                    "paragraph",
                    0,
                    "Where the river meets the sea, water slows and a delta grows. Birds like it."),
            new SourceBlock("1:20", "codeBlock", 0, "while (true) { flow(); }"));

    @Test
    void everySentenceOfASummaryStandsInTheBlockThatItNames() {
        Extract summary = Extract.summary(BLOCKS);

        assertThat(summary.pieces()).isNotEmpty().allSatisfy(ExtractTest::standsInItsBlock);
    }

    @Test
    void everyKeywordNamesASentenceThatHoldsIt() {
        Extract keywords = Extract.keywords(BLOCKS);

        assertThat(keywords.pieces()).extracting(Piece::text).contains("- river\n", "- water\n");
        assertThat(keywords.pieces()).allSatisfy(piece -> {
            assertThat(textOf(piece.block())).contains(piece.quote());
            assertThat(piece.quote().toLowerCase(java.util.Locale.ROOT))
                    .contains(piece.text().substring(2).strip());
        });
    }

    @Test
    void anOutlineIsTheHeadingsNested() {
        Extract outline = Extract.outline(BLOCKS);

        assertThat(outline.pieces()).extracting(Piece::text).containsExactly("- Rivers\n", "  - Deltas\n");
        assertThat(outline.pieces()).allSatisfy(ExtractTest::standsInItsBlock);
    }

    @Test
    void withoutHeadingsAnOutlineIsTheFirstSentences() {
        Extract outline = Extract.outline(List.of(BLOCKS.get(1), BLOCKS.get(3)));

        assertThat(outline.pieces())
                .extracting(Piece::text)
                .containsExactly(
                        "- A river carries water from the hills to the sea.\n",
                        "- Where the river meets the sea, water slows and a delta grows.\n");
    }

    @Test
    void anEmptyDocumentGivesNothing() {
        assertThat(Extract.summary(List.of()).pieces()).isEmpty();
        assertThat(Extract.keywords(List.of()).pieces()).isEmpty();
        assertThat(Extract.outline(List.of()).pieces()).isEmpty();
    }

    @Test
    void aDocumentOfManySentencesIsSummarisedWithinTheBound() {
        List<SourceBlock> many = new ArrayList<>();
        for (int i = 0; i < 3 * TextRank.MOST_SENTENCES; i++) {
            many.add(new SourceBlock("7:" + i, "paragraph", 0, "Sentence number " + i + " speaks of rivers and seas."));
        }

        assertThat(Extract.summary(many).pieces()).hasSize(7);
    }

    private static void standsInItsBlock(Piece piece) {
        assertThat(textOf(piece.block())).contains(piece.quote());
        assertThat(piece.text().substring(piece.offset())).startsWith(piece.quote());
    }

    private static String textOf(String block) {
        Map<String, String> texts = BLOCKS.stream().collect(Collectors.toMap(SourceBlock::id, SourceBlock::text));
        return texts.getOrDefault(block, "");
    }
}
