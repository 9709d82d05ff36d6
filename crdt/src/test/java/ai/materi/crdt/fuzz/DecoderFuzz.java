package ai.materi.crdt.fuzz;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Id;
import ai.materi.crdt.Json;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.RelativePosition;
import ai.materi.crdt.Snapshot;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Struct;
import ai.materi.crdt.Updates;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The decoders as a coverage-guided fuzzer drives them ({@code ./mvnw -pl crdt -Pfuzz verify -Dfuzz.door=update}): whatever
 * the bytes are, they are taken or refused with a {@link MalformedUpdateException}, and a document that took some can be
 * stored and loaded again.
 */
public final class DecoderFuzz {
    private static final Map<String, Consumer<byte[]>> DOORS = new LinkedHashMap<>();
    private static Consumer<byte[]> door = bytes -> {};

    static {
        DOORS.put("update", bytes -> taken(doc -> doc.applyUpdate(bytes, null)));
        DOORS.put("update-v2", bytes -> taken(doc -> doc.applyUpdateV2(bytes, null)));
        DOORS.put("merge", DecoderFuzz::merge);
        DOORS.put("convert", bytes -> Updates.toV2(Updates.toV1(bytes)));
        DOORS.put("decode", bytes -> Updates.decode(bytes, DecoderFuzz::look));
        DOORS.put("state-vector", StateVector::decode);
        DOORS.put("delete-set", DeleteSet::decode);
        DOORS.put("snapshot", bytes -> {
            Snapshot.decode(bytes);
            Snapshot.decodeV2(bytes);
        });
        DOORS.put("position", bytes -> RelativePosition.decode(bytes).resolve(sample()));
        DOORS.put("json", bytes -> Json.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    private DecoderFuzz() {}

    /** Called by the fuzzer once, with the name of a door. */
    public static void fuzzerInitialize(String[] arguments) {
        door = named(arguments.length == 0 ? "update" : arguments[0]);
    }

    /** Called by the fuzzer with each input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            door.accept(bytes);
        } catch (MalformedUpdateException refused) {
            if (String.valueOf(refused.getMessage()).isEmpty()) {
                throw new AssertionError("a refusal that says nothing", refused);
            }
        }
    }

    /** Writes what a fuzzer begins with: a folder, and the name of a door. */
    public static void main(String[] arguments) throws IOException {
        Path corpus = Files.createDirectories(Path.of(arguments[0]));
        named(arguments[1]);
        int number = 0;
        for (byte[] seed : seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
    }

    private static Consumer<byte[]> named(String name) {
        Consumer<byte[]> found = DOORS.get(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no door '" + name + "'; there are " + DOORS.keySet());
        }
        return found;
    }

    private static void taken(Consumer<Doc> taking) {
        Doc doc = sample();
        taking.accept(doc);
        Doc again = Doc.of(doc.encodeState());
        again.applyUpdateV2(doc.encodeStateV2(), null);
        if (!again.stateVector().contains(doc.stateVector())) {
            throw new AssertionError("less was loaded than was stored");
        }
    }

    private static void merge(byte[] bytes) {
        byte[] state = sample().encodeState();
        Updates.merge(List.of(bytes, state));
        Updates.diff(bytes, StateVector.of(Map.of(1L, 3L)));
        Updates.meta(bytes);
    }

    private static void look(Struct struct) {
        if (struct.length() < 1 || struct.toString().isEmpty()) {
            throw new AssertionError("a struct of nothing");
        }
    }

    private static Doc sample() {
        Doc doc = new Doc(1);
        doc.text("text").insert(0, "Hällo 🌊", Map.of("bold", true));
        doc.text("text").delete(1, 2);
        doc.map("map").set("key", List.of(1, "two", Map.of("three", 3.5)));
        YXmlElement element = new YXmlElement("p");
        doc.xmlFragment("xml").push(List.of(element));
        element.push(List.of(new YXmlText("inner")));
        return doc;
    }

    private static List<byte[]> seeds() {
        Doc doc = sample();
        List<byte[]> seeds = new ArrayList<>(List.of(doc.encodeState(), doc.encodeStateV2()));
        seeds.add(doc.stateVector().encode());
        seeds.add(doc.deleteSet().encode());
        seeds.add(Snapshot.of(doc).encode());
        seeds.add(Snapshot.of(doc).encodeV2());
        seeds.add(RelativePosition.create(doc.text("text"), 2, 0).encode());
        seeds.add("{\"a\":[1,-2.5e3,\"\\u00e4\",null,{}]}".getBytes(StandardCharsets.UTF_8));
        seeds.add(new Id(1, 2).toString().getBytes(StandardCharsets.UTF_8));
        return seeds;
    }
}
