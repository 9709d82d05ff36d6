package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The longest common subsequence of two sequences, in bounded time. What both begin and end with is matched first. Short
 * rests are solved exactly by dynamic programming; long ones are cut at the items that occur once on both sides (Bram
 * Cohen's "patience diff"), and where there are none they count as different.
 */
final class Alignment {
    private static final long EXACT_CELLS = 1_000_000;
    private static final int DEEPEST = 64;

    private final int[] a;
    private final int[] b;
    private final int[] matches;

    private Alignment(int[] a, int[] b) {
        this.a = a;
        this.b = b;
        this.matches = new int[a.length];
        Arrays.fill(matches, -1);
    }

    /** For each item of {@code a} the index of its counterpart in {@code b}, or −1; indices rise. */
    static int[] match(List<String> a, List<String> b) {
        Map<String, Integer> numbers = new HashMap<>();
        Alignment alignment = new Alignment(numbered(a, numbers), numbered(b, numbers));
        alignment.range(0, a.size(), 0, b.size(), 0);
        return alignment.matches;
    }

    private static int[] numbered(List<String> items, Map<String, Integer> numbers) {
        return items.stream()
                .mapToInt(item -> numbers.computeIfAbsent(item, x -> numbers.size()))
                .toArray();
    }

    private void range(int a0, int a1, int b0, int b1, int depth) {
        int fromA = a0;
        int fromB = b0;
        while (fromA < a1 && fromB < b1 && a[fromA] == b[fromB]) {
            matches[fromA++] = fromB++;
        }
        int toA = a1;
        int toB = b1;
        while (toA > fromA && toB > fromB && a[toA - 1] == b[toB - 1]) {
            matches[--toA] = --toB;
        }
        if (fromA == toA || fromB == toB) {
            return;
        }
        if ((long) (toA - fromA) * (toB - fromB) <= EXACT_CELLS) {
            exact(fromA, toA, fromB, toB);
        } else if (depth < DEEPEST) {
            anchored(fromA, toA, fromB, toB, depth);
        }
    }

    private void exact(int a0, int a1, int b0, int b1) {
        int[][] longest = new int[a1 - a0 + 1][b1 - b0 + 1];
        for (int i = a1 - 1; i >= a0; i--) {
            for (int j = b1 - 1; j >= b0; j--) {
                longest[i - a0][j - b0] = a[i] == b[j]
                        ? longest[i - a0 + 1][j - b0 + 1] + 1
                        : Math.max(longest[i - a0 + 1][j - b0], longest[i - a0][j - b0 + 1]);
            }
        }
        int i = a0;
        int j = b0;
        while (i < a1 && j < b1) {
            if (a[i] == b[j]) {
                matches[i++] = j++;
            } else if (longest[i - a0 + 1][j - b0] >= longest[i - a0][j - b0 + 1]) {
                i++;
            } else {
                j++;
            }
        }
    }

    private void anchored(int a0, int a1, int b0, int b1, int depth) {
        List<int[]> anchors = rising(unique(a0, a1, b0, b1));
        int fromA = a0;
        int fromB = b0;
        for (int[] anchor : anchors) {
            range(fromA, anchor[0], fromB, anchor[1], depth + 1);
            matches[anchor[0]] = anchor[1];
            fromA = anchor[0] + 1;
            fromB = anchor[1] + 1;
        }
        if (!anchors.isEmpty()) {
            range(fromA, a1, fromB, b1, depth + 1);
        }
    }

    /** Pairs of indices of the items that occur once on each side, in the order of {@code a}. */
    private List<int[]> unique(int a0, int a1, int b0, int b1) {
        Map<Integer, int[]> seen = new HashMap<>();
        for (int i = a0; i < a1; i++) {
            int[] count = seen.computeIfAbsent(a[i], x -> new int[4]);
            count[0]++;
            count[1] = i;
        }
        for (int j = b0; j < b1; j++) {
            int[] count = seen.get(b[j]);
            if (count != null) {
                count[2]++;
                count[3] = j;
            }
        }
        List<int[]> pairs = new ArrayList<>();
        seen.values().stream().filter(c -> c[0] == 1 && c[2] == 1).forEach(c -> pairs.add(new int[] {c[1], c[3]}));
        pairs.sort((x, y) -> Integer.compare(x[0], y[0]));
        return pairs;
    }

    /** The longest run of pairs that rises on both sides. */
    private static List<int[]> rising(List<int[]> pairs) {
        int[] tails = new int[pairs.size()];
        int[] before = new int[pairs.size()];
        int length = 0;
        for (int i = 0; i < pairs.size(); i++) {
            int low = 0;
            int high = length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (pairs.get(tails[middle])[1] < pairs.get(i)[1]) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            before[i] = low == 0 ? -1 : tails[low - 1];
            tails[low] = i;
            length = Math.max(length, low + 1);
        }
        List<int[]> result = new ArrayList<>();
        for (int i = length == 0 ? -1 : tails[length - 1]; i >= 0; i = before[i]) {
            result.add(pairs.get(i));
        }
        Collections.reverse(result);
        return result;
    }
}
