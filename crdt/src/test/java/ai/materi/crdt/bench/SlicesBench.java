package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.GradualState;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long the longest piece of work on a large document takes, whole and in the portions that a server does it in. No
 * options: {@code java -cp crdt/target/classes:crdt/target/test-classes ai.materi.crdt.bench.SlicesBench}.
 */
final class SlicesBench {
    private static final String PARAGRAPH =
            "The quick brown fox jumps over the lazy dog, and then it does so again and again. ".repeat(4);
    private static final int ROUNDS = 8;
    private static final int STRUCTS_A_PORTION = 20_000;

    private SlicesBench() {}

    public static void main(String[] arguments) {
        System.out.println("milliseconds, the best of " + ROUNDS + " rounds");
        measure("1 MB of plain paragraphs", 1, false);
        measure("5 MB of plain paragraphs", 5, false);
        measure("20 MB of plain paragraphs", 20, false);
        measure("1 MB, every other word bold", 1, true);
        measure("5 MB, every other word bold", 5, true);
    }

    private static void measure(String what, int megabytes, boolean formatted) {
        byte[] update = written(megabytes * 1_000_000, formatted);
        double whole = Double.MAX_VALUE;
        double encoded = Double.MAX_VALUE;
        double portion = Double.MAX_VALUE;
        int structs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Doc doc = listenedTo();
            whole = Math.min(whole, millis(() -> doc.applyUpdate(update, null, Integer.MAX_VALUE)));
            structs = doc.structCount();
            encoded = Math.min(encoded, millis(doc::encodeState));
            portion = Math.min(portion, longestPortion(doc));
        }
        System.out.printf(
                "%s (%d structs): placed %.1f; encoded %.1f, the longest portion %.1f%n",
                what, structs, whole, encoded, portion);
    }

    private static double longestPortion(Doc doc) {
        GradualState state = doc.encodeGradually(StateVector.EMPTY);
        boolean[] done = {false};
        double longest = 0;
        while (!done[0]) {
            longest = Math.max(longest, millis(() -> done[0] = state.next(STRUCTS_A_PORTION)));
        }
        return longest;
    }

    /** As a room's document is: what changes is encoded once more. */
    private static Doc listenedTo() {
        Doc doc = new Doc();
        doc.onUpdate((update, origin, local) -> {});
        return doc;
    }

    private static byte[] written(int bytes, boolean formatted) {
        Doc doc = new Doc(7);
        List<YXmlElement> paragraphs = new ArrayList<>();
        List<YXmlText> texts = new ArrayList<>();
        for (int size = 0; size < bytes; size += PARAGRAPH.length()) {
            YXmlText text = new YXmlText(PARAGRAPH);
            YXmlElement paragraph = new YXmlElement("paragraph");
            paragraph.insert(0, List.of(text));
            paragraphs.add(paragraph);
            texts.add(text);
        }
        doc.transact(null, tx -> {
            doc.xmlFragment("default").insert(0, paragraphs);
            if (formatted) {
                texts.forEach(SlicesBench::format);
            }
        });
        return doc.encodeState();
    }

    private static void format(YXmlText text) {
        for (int at = 0; at + 6 < PARAGRAPH.length(); at += 12) {
            text.format(at, 6, Map.of("bold", Map.of()));
        }
    }

    private static double millis(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e6;
    }
}
