package ai.materi.collab.content;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which block became which. Equal blocks are matched first; between them, blocks of a kind that share enough words are
 * taken for one block that was changed.
 */
final class Pairing {
    private static final long EXACT_CELLS = 40_000;
    private static final double ENOUGH = 0.34;

    private final List<Element> from;
    private final List<Element> to;
    private final List<String> fromKeys;
    private final List<String> toKeys;
    private final int[] pairs;

    private Pairing(List<Element> from, List<String> fromKeys, List<Element> to, List<String> toKeys) {
        this.from = from;
        this.to = to;
        this.fromKeys = fromKeys;
        this.toKeys = toKeys;
        this.pairs = Alignment.match(fromKeys, toKeys);
    }

    /** For each block its counterpart's index, or −1; indices rise. */
    static int[] of(List<Element> from, List<String> fromKeys, List<Element> to, List<String> toKeys) {
        Pairing pairing = new Pairing(from, fromKeys, to, toKeys);
        int[] equal = pairing.pairs.clone();
        int start = 0;
        int toStart = 0;
        for (int i = 0; i <= equal.length; i++) {
            int match = i == equal.length ? to.size() : equal[i];
            if (match >= 0) {
                pairing.similar(start, i, toStart, match);
                start = i + 1;
                toStart = match + 1;
            }
        }
        return pairing.pairs;
    }

    private void similar(int a0, int a1, int b0, int b1) {
        if (a0 == a1 || b0 == b1) {
            return;
        }
        if ((long) (a1 - a0) * (b1 - b0) <= EXACT_CELLS) {
            best(a0, a1, b0, b1);
        }
        inOrder(a0, a1, b0, b1);
    }

    /** The pairs in order whose likeness adds up highest. */
    private void best(int a0, int a1, int b0, int b1) {
        double[][] likeness = likeness(a0, a1, b0, b1);
        double[][] sum = new double[a1 - a0 + 1][b1 - b0 + 1];
        for (int i = a1 - a0 - 1; i >= 0; i--) {
            for (int j = b1 - b0 - 1; j >= 0; j--) {
                sum[i][j] = Math.max(likeness[i][j] + sum[i + 1][j + 1], Math.max(sum[i + 1][j], sum[i][j + 1]));
            }
        }
        int i = 0;
        int j = 0;
        while (i < a1 - a0 && j < b1 - b0) {
            if (likeness[i][j] > 0 && sum[i][j] == likeness[i][j] + sum[i + 1][j + 1]) {
                pairs[a0 + i++] = b0 + j++;
            } else if (sum[i][j] == sum[i + 1][j]) {
                i++;
            } else {
                j++;
            }
        }
    }

    private double[][] likeness(int a0, int a1, int b0, int b1) {
        List<Map<String, Integer>> words =
                toKeys.subList(b0, b1).stream().map(Pairing::words).toList();
        double[][] likeness = new double[a1 - a0][b1 - b0];
        for (int i = 0; i < a1 - a0; i++) {
            Map<String, Integer> mine = words(fromKeys.get(a0 + i));
            for (int j = 0; j < b1 - b0; j++) {
                double share = isOfAKind(from.get(a0 + i), to.get(b0 + j)) ? share(mine, words.get(j)) : 0;
                likeness[i][j] = share < ENOUGH ? 0 : share;
            }
        }
        return likeness;
    }

    /** What is left between pairs is taken in order where both sides have as many of a kind. */
    private void inOrder(int a0, int a1, int b0, int b1) {
        int start = a0;
        int toStart = b0;
        for (int i = a0; i <= a1; i++) {
            int match = i == a1 ? b1 : pairs[i];
            if (match < 0) {
                continue;
            }
            boolean asMany = i - start == match - toStart;
            for (int k = start; asMany && k < i; k++) {
                boolean same =
                        from.get(k).name().equals(to.get(toStart + k - start).name());
                pairs[k] = same ? toStart + k - start : -1;
            }
            start = i + 1;
            toStart = match + 1;
        }
    }

    /** Whether one can become the other without being replaced as a whole. */
    static boolean isOfAKind(Element a, Element b) {
        return a.name().equals(b.name())
                || (a.isText() && b.isText())
                || (a.isList() && b.isList())
                || (isItem(a) && isItem(b))
                || (isCell(a) && isCell(b));
    }

    private static boolean isItem(Element element) {
        return element.is(Element.LIST_ITEM) || element.is(Element.TASK_ITEM);
    }

    private static boolean isCell(Element element) {
        return element.is(Element.CELL) || element.is(Element.HEADER_CELL);
    }

    private static Map<String, Integer> words(String text) {
        Map<String, Integer> words = new HashMap<>();
        Arrays.stream(text.split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .forEach(word -> words.merge(word, 1, Integer::sum));
        return words;
    }

    private static double share(Map<String, Integer> a, Map<String, Integer> b) {
        int all = a.values().stream().mapToInt(x -> x).sum()
                + b.values().stream().mapToInt(x -> x).sum();
        int common = a.entrySet().stream()
                .mapToInt(e -> Math.min(e.getValue(), b.getOrDefault(e.getKey(), 0)))
                .sum();
        return all == 0 ? 0 : 2.0 * common / all;
    }
}
