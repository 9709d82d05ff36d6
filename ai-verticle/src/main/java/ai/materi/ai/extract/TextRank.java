package ai.materi.ai.extract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * TextRank (Mihalcea and Tarau, 2004): nodes that resemble many important nodes are important, as in PageRank. Sentences
 * are joined by the words that they share, normalised by length; words by standing within a window of each other.
 */
final class TextRank {
    private static final double DAMPING = 0.85;
    private static final int ROUNDS = 30;
    private static final int WINDOW = 3;
    /** Beyond this only the first ones are ranked: the comparison is quadratic. */
    static final int MOST_SENTENCES = 1_000;

    private static final int MOST_WORDS = 5_000;

    private TextRank() {}

    /** A score a sentence, in order; those past the bound score 0. */
    static double[] sentences(List<Sentence> sentences) {
        int count = Math.min(sentences.size(), MOST_SENTENCES);
        List<Set<String>> words = new ArrayList<>(count);
        for (Sentence sentence : sentences.subList(0, count)) {
            words.add(new HashSet<>(sentence.words()));
        }
        double[][] weights = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                weights[i][j] = weights[j][i] = similarity(words.get(i), words.get(j));
            }
        }
        double[] all = new double[sentences.size()];
        System.arraycopy(rank(weights), 0, all, 0, count);
        return all;
    }

    private static double similarity(Set<String> one, Set<String> other) {
        if (one.size() < 2 || other.size() < 2) {
            return 0;
        }
        Set<String> smaller = one.size() < other.size() ? one : other;
        Set<String> larger = smaller == one ? other : one;
        long shared = smaller.stream().filter(larger::contains).count();
        return shared / (Math.log(one.size()) + Math.log(other.size()));
    }

    private static double[] rank(double[][] weights) {
        int count = weights.length;
        double[] outgoing = new double[count];
        for (int i = 0; i < count; i++) {
            for (double weight : weights[i]) {
                outgoing[i] += weight;
            }
        }
        double[] scores = new double[count];
        java.util.Arrays.fill(scores, 1.0);
        for (int round = 0; round < ROUNDS; round++) {
            double[] next = new double[count];
            for (int i = 0; i < count; i++) {
                double incoming = 0;
                for (int j = 0; j < count; j++) {
                    if (weights[j][i] > 0) {
                        incoming += weights[j][i] / outgoing[j] * scores[j];
                    }
                }
                next[i] = 1 - DAMPING + DAMPING * incoming;
            }
            scores = next;
        }
        return scores;
    }

    /** A score a word of the text that these sentences make. */
    static Map<String, Double> words(List<Sentence> sentences) {
        Map<String, Map<String, Double>> neighbours = new HashMap<>();
        for (Sentence sentence : sentences) {
            link(sentence.words(), neighbours);
            if (neighbours.size() > MOST_WORDS) {
                break;
            }
        }
        Map<String, Double> scores = new HashMap<>();
        neighbours.keySet().forEach(word -> scores.put(word, 1.0));
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Double> before = Map.copyOf(scores);
            neighbours.forEach((word, around) -> scores.put(word, score(around, neighbours, before)));
        }
        return scores;
    }

    private static void link(List<String> words, Map<String, Map<String, Double>> neighbours) {
        for (int i = 0; i < words.size(); i++) {
            neighbours.computeIfAbsent(words.get(i), word -> new HashMap<>());
            for (int j = i + 1; j < Math.min(words.size(), i + WINDOW); j++) {
                if (!words.get(i).equals(words.get(j))) {
                    join(neighbours, words.get(i), words.get(j));
                    join(neighbours, words.get(j), words.get(i));
                }
            }
        }
    }

    private static void join(Map<String, Map<String, Double>> neighbours, String from, String to) {
        neighbours.computeIfAbsent(from, word -> new HashMap<>()).merge(to, 1.0, Double::sum);
    }

    private static double score(
            Map<String, Double> around, Map<String, Map<String, Double>> neighbours, Map<String, Double> before) {
        double incoming = 0;
        for (Map.Entry<String, Double> neighbour : around.entrySet()) {
            double outgoing = 0;
            for (double weight :
                    neighbours.getOrDefault(neighbour.getKey(), Map.of()).values()) {
                outgoing += weight;
            }
            incoming += neighbour.getValue() / outgoing * before.getOrDefault(neighbour.getKey(), 1.0);
        }
        return 1 - DAMPING + DAMPING * incoming;
    }
}
