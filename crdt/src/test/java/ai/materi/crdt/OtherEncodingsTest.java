package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds that what another implementation wrote otherwise than yjs ({@link OtherEncodings}) comes out as from yjs, to the
 * byte and in both formats: announced, as a state, merged, cut and converted. And that only what is canonical passes as it
 * is: {@link StructCursor} must never miss what has to be written anew.
 */
class OtherEncodingsTest {
    private static final int UPDATES = 600;
    private static final byte[] NOTHING = {0, 0};
    private static final byte[] NOTHING_V2 = Updates.toV2(NOTHING);

    @Test
    void comeOutAsFromYjs() throws Exception {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        try (YjsOracle yjs = YjsOracle.start()) {
            for (int i = 0; i < UPDATES; i++, seed++) {
                play(seed, yjs);
            }
        }
    }

    /** The content is not compared: in yjs it is 0 and null only once it was written and read again. */
    @Test
    void areWrittenAsJavaScriptPrintsThem() throws Exception {
        byte[] update = OtherEncodings.unprinted();
        String encoded = YjsOracle.base64(update);
        Doc doc = new Doc(1);
        doc.applyUpdate(update, null);
        try (YjsOracle yjs = YjsOracle.start()) {
            yjs.ask("create", 0, 1);
            yjs.ask("apply", 0, encoded);

            Map<String, Object> there = yjs.ask("document", 0, List.of());

            assertThat(YjsOracle.base64(doc.encodeState())).isEqualTo(there.get("state"));
            assertThat(YjsOracle.base64(doc.encodeStateV2())).isEqualTo(there.get("stateV2"));
            assertThat(YjsOracle.base64(Updates.toV2(update)))
                    .isEqualTo(yjs.ask("toV2", encoded).get("update"));
        }
    }

    private static void play(long seed, YjsOracle yjs) {
        OtherEncodings other = new OtherEncodings(new SplittableRandom(seed));
        Expectations oracle = new Expectations(yjs, false);
        byte[] first = other.update(7);
        byte[] second = other.update(8);
        byte[] inV2 = other.updateV2();
        try {
            oracle.expect("reset", Map.of(), "reset", Map.of());
            inV1(oracle, first, second);
            inV2(oracle, inV2);
            oracle.check();
        } catch (Divergence | MalformedUpdateException e) {
            throw new AssertionError(
                    "-Dcrdt.seed=%d: %s, %s, %s".formatted(seed, hex(first), hex(second), hex(inV2)), e);
        }
    }

    private static void inV1(Expectations oracle, byte[] first, byte[] second) {
        StateVector known = StateVector.of(Map.of(7L, 1L));
        String encoded = YjsOracle.base64(first);
        oracle.expect(
                "merged",
                update(oracle, Updates.merge(List.of(first, second))),
                "merge",
                List.of(encoded, YjsOracle.base64(second)));
        oracle.expect(
                "cut", update(oracle, Updates.diff(first, known)), "diff", encoded, YjsOracle.base64(known.encode()));
        oracle.expect("in v2", update(oracle, Updates.toV2(first)), "toV2", encoded);
        received(oracle, "apply", first);
        received(oracle, "apply", second);
    }

    private static void inV2(Expectations oracle, byte[] update) {
        String encoded = YjsOracle.base64(update);
        oracle.expect(
                "merged in v2",
                update(oracle, Updates.mergeV2(List.of(update, NOTHING_V2))),
                "mergeV2",
                List.of(encoded, YjsOracle.base64(NOTHING_V2)));
        oracle.expect(
                "cut in v2",
                update(oracle, Updates.diffV2(update, StateVector.EMPTY)),
                "diffV2",
                encoded,
                YjsOracle.base64(StateVector.EMPTY.encode()));
        oracle.expect("in v1", update(oracle, Updates.toV1(update)), "toV1", encoded);
        received(oracle, "applyV2", update);
    }

    private static Map<String, Object> update(Expectations oracle, byte[] update) {
        return Map.of("update", oracle.shown(update));
    }

    private static void received(Expectations oracle, String command, byte[] update) {
        Doc doc = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        List<byte[]> updatesV2 = new ArrayList<>();
        doc.onUpdate((bytes, origin, local) -> updates.add(bytes));
        doc.onUpdateV2((bytes, origin, local) -> updatesV2.add(bytes));
        if (command.equals("apply")) {
            doc.applyUpdate(update, null);
        } else {
            doc.applyUpdateV2(update, null);
        }
        Map<String, Object> announced = new LinkedHashMap<>();
        announced.put("updates", oracle.shown(updates));
        announced.put("updatesV2", oracle.shown(updatesV2));
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("state", oracle.shown(doc.encodeState()));
        kept.put("stateV2", oracle.shown(doc.encodeStateV2()));
        kept.put("structs", doc.structCount());
        kept.put("content", Comparison.content(oracle, doc));
        oracle.expect("create", Map.of(), "create", 0, 1);
        oracle.expect("announced", announced, command, 0, YjsOracle.base64(update));
        oracle.expect("kept", kept, "document", 0, RandomEdits.ROOTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-7",
                "123456789012345",
                "1e+21",
                "0.1",
                "-1.5e-7",
                "\"\"",
                "\"wörld\"",
                "\"\\n\\\"\\\\\\u001f\"",
                "[]",
                "{}",
                "[1,[2,{}],\"a\"]",
                "{\"2\":1,\"10\":2,\"a\":{\"b\":[]},\"01\":4}",
                "{\"4294967294\":1,\"4294967295\":2,\"11\":3}",
                "\"\u2028\u007f🙂\""
            })
    void knowsJsonThatJavaScriptPrints(String json) {
        boolean printed = Json.stringify(Json.parse(json)).equals(json);

        assertThat(isCanonical(json)).isEqualTo(printed);
    }

    @Test
    void neverTakesOtherJsonForCanonical() {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        String parts = "{}[]:,\"\\ue0123456789.-+Eabdfnrstl \u0001é";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder made = new StringBuilder(pick(random, "", "[", "{\"a\":", "\"", "-", "1", "[1,"));
            for (int n = random.nextInt(7); n > 0; n--) {
                made.append(parts.charAt(random.nextInt(parts.length())));
            }
            String json = made.append(pick(random, "", "]", "}", "\"", "\"}")).toString();
            if (isCanonical(json)) {
                assertThat(Json.stringify(Json.parse(json))).as("seed %d", seed).isEqualTo(json);
            }
        }
    }

    /** Objects of more keys than are compared each with each. */
    @Test
    void findsTheKeyThatComesTwiceAmongMany() {
        UnaryOperator<String> object = last -> {
            StringBuilder out = new StringBuilder("{");
            for (int i = 0; i < 5_000; i++) {
                out.append("\"k").append(i).append("\":{\"in\":[]},");
            }
            return out.append(last).append('}').toString();
        };

        assertThat(isCanonical(object.apply("\"k5000\":0"))).isTrue();
        assertThat(isCanonical(object.apply("\"k2500\":0"))).isFalse();
    }

    private static boolean isCanonical(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new CanonicalJson().isCanonical(bytes, 0, bytes.length);
    }

    private static String pick(SplittableRandom random, String... all) {
        return all[random.nextInt(all.length)];
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
