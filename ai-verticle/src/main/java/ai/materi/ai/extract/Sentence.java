package ai.materi.ai.extract;

import ai.materi.ai.provider.Prompt.SourceBlock;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A sentence as it stands in a block.
 *
 * @param words its content words, lower case, in order
 */
record Sentence(String block, String text, List<String> words) {
    /** Sentences by Unicode's rules (UAX #29); headings and code are no sentences. */
    static List<Sentence> of(List<SourceBlock> blocks) {
        List<Sentence> sentences = new ArrayList<>();
        for (SourceBlock block : blocks) {
            if (!block.type().equals("heading") && !block.type().equals("codeBlock")) {
                split(block, sentences);
            }
        }
        return sentences;
    }

    private static void split(SourceBlock block, List<Sentence> into) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(block.text());
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            String text = block.text().substring(start, end).strip();
            if (!text.isEmpty()) {
                into.add(new Sentence(block.id(), text, Words.content(text)));
            }
        }
    }
}
