package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YArray;
import ai.materi.crdt.YText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The cases B1, B2 and B3 of crdt-benchmarks (Kevin Jahns), after their descriptions; what is random in them has a seed. */
final class Suite {
    private static final int N = 6_000;
    private static final int AUTHORS = (int) (20 * Math.sqrt(N));
    private static final long SEED = 6;

    private Suite() {}

    /** One author; an update an edit. */
    static List<Workload> b1() {
        return List.of(
                typed("B1.1 append N characters", (text, random) -> repeat(i -> text.insert(i, letter(random)))),
                typed("B1.2 insert a string of N", (text, random) -> text.insert(0, string(random, N))),
                typed("B1.3 prepend N characters", (text, random) -> repeat(i -> text.insert(0, letter(random)))),
                typed(
                        "B1.4 insert N characters anywhere",
                        (text, random) -> repeat(i -> {
                            text.insert(random.nextInt(i + 1), letter(random));
                        })),
                typed("B1.5 insert N words anywhere", Suite::insertWords),
                typed("B1.6 insert a string, delete it", (text, random) -> {
                    text.insert(0, string(random, N));
                    text.delete(0, N);
                }),
                typed("B1.7 insert and delete anywhere", Suite::insertAndDelete),
                numbers("B1.8 append N numbers", (array, random) -> repeat(i -> array.push(number(random)))),
                numbers("B1.9 insert N numbers at once", (array, random) -> array.insert(0, manyNumbers(random))),
                numbers("B1.10 prepend N numbers", (array, random) -> repeat(i -> array.insert(0, number(random)))),
                numbers(
                        "B1.11 insert N numbers anywhere",
                        (array, random) -> repeat(i -> {
                            array.insert(random.nextInt(i + 1), number(random));
                        })));
    }

    /** Two authors with the same 100 characters change them in a transaction each, and then hear of each other. */
    static List<Workload> b2() {
        return List.of(
                together("B2.1 both insert a string of N", (text, random) -> text.insert(0, string(random, N))),
                together(
                        "B2.2 both insert N characters",
                        (text, random) -> repeat(i -> {
                            text.insert(random.nextInt(text.length() + 1), letter(random));
                        })),
                together("B2.3 both insert N words", Suite::insertWords),
                together("B2.4 both insert and delete", Suite::insertAndDelete));
    }

    /** 20 √N authors who know nothing of each other do one thing each. */
    static List<Workload> b3() {
        return List.of(
                crowd(
                        "B3.1 a crowd sets a number",
                        "map",
                        (doc, i) -> doc.map(Workload.ROOT).set("v", i)),
                crowd(
                        "B3.2 a crowd sets an object",
                        "map",
                        (doc, i) -> doc.map(Workload.ROOT).set("v", person(i))),
                crowd(
                        "B3.3 a crowd sets a string",
                        "map",
                        (doc, i) -> doc.map(Workload.ROOT)
                                .set("v", String.valueOf(i).repeat(20))),
                crowd(
                        "B3.4 a crowd inserts text",
                        "array",
                        (doc, i) -> doc.array(Workload.ROOT).insert(0, List.of(String.valueOf(i)))));
    }

    private static Workload typed(String name, BiConsumer<YText, Random> edits) {
        return alone(name, "text", doc -> edits.accept(doc.text(Workload.ROOT), new Random(SEED)));
    }

    private static Workload numbers(String name, BiConsumer<YArray, Random> edits) {
        return alone(name, "array", doc -> edits.accept(doc.array(Workload.ROOT), new Random(SEED)));
    }

    private static Workload alone(String name, String kind, Consumer<Doc> edits) {
        List<byte[]> updates = new ArrayList<>();
        write(1, updates, edits);
        return new Workload(name, kind, updates);
    }

    private static Workload together(String name, BiConsumer<YText, Random> edits) {
        List<byte[]> updates = new ArrayList<>();
        write(1, updates, doc -> doc.text(Workload.ROOT).insert(0, string(new Random(SEED), 100)));
        byte[] start = updates.get(0);
        for (int author = 2; author <= 3; author++) {
            Random random = new Random(SEED + author);
            Doc doc = new Doc(author);
            doc.applyUpdate(start, null);
            doc.onUpdate((update, origin, local) -> updates.add(update));
            doc.transact(null, tx -> edits.accept(doc.text(Workload.ROOT), random));
        }
        return new Workload(name, "text", updates);
    }

    private static Workload crowd(String name, String kind, ObjIntConsumer<Doc> edit) {
        List<byte[]> updates = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
            int author = i;
            write(1 + i, updates, doc -> edit.accept(doc, author));
        }
        return new Workload(name, kind, updates);
    }

    private static void write(long client, List<byte[]> updates, Consumer<Doc> edits) {
        Doc doc = new Doc(client);
        doc.onUpdate((update, origin, local) -> updates.add(update));
        edits.accept(doc);
    }

    private static void insertWords(YText text, Random random) {
        repeat(i -> text.insert(random.nextInt(text.length() + 1), string(random, 3 + random.nextInt(7))));
    }

    private static void insertAndDelete(YText text, Random random) {
        repeat(i -> {
            int length = text.length();
            int position = random.nextInt(length + 1);
            if (length == position || random.nextBoolean()) {
                text.insert(position, string(random, 2 + random.nextInt(8)));
            } else {
                text.delete(position, Math.min(length - position, 1 + random.nextInt(9)));
            }
        });
    }

    private static void repeat(IntConsumer edit) {
        IntStream.range(0, N).forEach(edit);
    }

    private static String letter(Random random) {
        return String.valueOf((char) ('a' + random.nextInt(26)));
    }

    private static String string(Random random, int length) {
        return IntStream.range(0, length).mapToObj(i -> letter(random)).collect(Collectors.joining());
    }

    private static List<Integer> number(Random random) {
        return List.of(random.nextInt(1 << 30));
    }

    private static List<Integer> manyNumbers(Random random) {
        return IntStream.range(0, N).mapToObj(i -> random.nextInt(1 << 30)).toList();
    }

    private static Map<String, String> person(int i) {
        Map<String, String> person = new LinkedHashMap<>();
        person.put("address", "here");
        person.put("name", String.valueOf(i));
        return person;
    }
}
