package ai.materi.ai.extract;

import ai.materi.ai.provider.Prompt.SourceBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Text put together from a document's own sentences: nothing in it was written by a program but bullets and line breaks.
 * Pure computation; quadratic in the number of sentences up to a bound, so it belongs on a worker.
 *
 * @param pieces in order; concatenated, their texts are the result as Markdown
 */
public record Extract(List<Piece> pieces) {
    private static final int LONGEST_SUMMARY = 7;
    private static final int SENTENCES_FOR_EACH_ONE_KEPT = 5;
    private static final int KEYWORDS = 12;

    public Extract {
        pieces = List.copyOf(pieces);
    }

    /**
     * A stretch of the result.
     *
     * @param text what is added to the result
     * @param block that the quote stands in; empty where the piece quotes nothing
     * @param quote as it stands there
     * @param offset of the quote in {@code text}
     */
    public record Piece(String text, String block, String quote, int offset) {}

    /** The most central sentences in the document's order, as paragraphs of Markdown. */
    public static Extract summary(List<SourceBlock> blocks) {
        List<Sentence> sentences = Sentence.of(blocks);
        double[] scores = TextRank.sentences(sentences);
        int keep = Math.min(LONGEST_SUMMARY, Math.max(1, sentences.size() / SENTENCES_FOR_EACH_ONE_KEPT));
        List<Piece> pieces = IntStream.range(0, sentences.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -scores[i]).thenComparing(i -> i))
                .limit(keep)
                .sorted()
                .map(sentences::get)
                .map(sentence -> quoting("", sentence.text(), " ", sentence.block()))
                .toList();
        return new Extract(pieces);
    }

    /** The most central words, each with the sentence where it first stands. */
    public static Extract keywords(List<SourceBlock> blocks) {
        List<Sentence> sentences = Sentence.of(blocks);
        Map<String, Sentence> first = new HashMap<>();
        for (Sentence sentence : sentences) {
            sentence.words().forEach(word -> first.putIfAbsent(word, sentence));
        }
        List<Piece> pieces = TextRank.words(sentences).entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(KEYWORDS)
                .flatMap(entry -> java.util.Optional.ofNullable(first.get(entry.getKey())).stream()
                        .map(sentence -> new Piece("- " + entry.getKey() + "\n", sentence.block(), sentence.text(), 2)))
                .collect(Collectors.toList());
        return new Extract(pieces);
    }

    /** The headings, nested by their level; where there are none, the first sentence of each block. */
    public static Extract outline(List<SourceBlock> blocks) {
        List<Piece> pieces = new ArrayList<>();
        int top = blocks.stream()
                .filter(block -> block.type().equals("heading"))
                .mapToInt(SourceBlock::level)
                .min()
                .orElse(0);
        if (top > 0) {
            for (SourceBlock block : blocks) {
                if (block.type().equals("heading") && !block.text().isBlank()) {
                    pieces.add(quoting(
                            "  ".repeat(block.level() - top) + "- ",
                            block.text().strip(),
                            "\n",
                            block.id()));
                }
            }
        } else {
            Map<String, Sentence> first = new java.util.LinkedHashMap<>();
            Sentence.of(blocks).forEach(sentence -> first.putIfAbsent(sentence.block(), sentence));
            first.values().forEach(sentence -> pieces.add(quoting("- ", sentence.text(), "\n", sentence.block())));
        }
        return new Extract(pieces);
    }

    private static Piece quoting(String before, String quote, String after, String block) {
        return new Piece(before + quote + after, block, quote, before.length());
    }
}
