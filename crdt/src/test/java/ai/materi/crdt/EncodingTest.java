package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static byte[] any(Object value) {
        ByteWriter out = new ByteWriter();
        AnyCodec.write(out, value);
        return out.toByteArray();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void writesNumbersAsJavaScriptChoosesThem() {
        assertThat(hex(any(0))).isEqualTo("7d00");
        assertThat(hex(any(-0.0))).isEqualTo("7d40");
        assertThat(hex(any(64.0))).isEqualTo("7d8001");
        assertThat(hex(any(Integer.MAX_VALUE))).isEqualTo("7dbfffffff0f");
        assertThat(hex(any(2147483648L))).isEqualTo("7c4f000000");
        assertThat(hex(any(0.5))).isEqualTo("7c3f000000");
        assertThat(hex(any(0.1))).isEqualTo("7b3fb999999999999a");
        assertThat(hex(any(BigInteger.valueOf(-1)))).isEqualTo("7affffffffffffffff");
    }

    @Test
    void readsBackEveryKindOfValue() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("z", Arrays.asList(1, null, "two", true, false));
        object.put("a", Map.of("n", 2.5));
        for (Object value :
                Arrays.asList(object, List.of(), Map.of(), "", "日本🙂", 7, 1L << 40, -0.0, Undefined.INSTANCE)) {
            byte[] bytes = any(value);
            AnyCodec.skip(new ByteReader(bytes));
            assertThat(AnyCodec.read(new ByteReader(bytes))).isEqualTo(value);
        }
    }

    @Test
    void writesKeysInTheOrderOfAJavaScriptObject() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("10", 2);
        map.put("2", 3);
        map.put("01", 4);
        assertThat(Json.stringify(map)).isEqualTo("{\"2\":3,\"10\":2,\"b\":1,\"01\":4}");
    }

    @Test
    void printsNumbersAsJavaScriptDoes() {
        Map<Double, String> expected = new LinkedHashMap<>();
        expected.put(1e7, "10000000");
        expected.put(1e21, "1e+21");
        expected.put(0x1.ac53a7e04bcdap66, "123456789012345680000");
        expected.put(1e-6, "0.000001");
        expected.put(1.5e-7, "1.5e-7");
        expected.put(Double.MIN_VALUE, "5e-324");
        expected.put(2e-3, "0.002");
        expected.put(-0.1, "-0.1");
        expected.put(1.7976931348623157e308, "1.7976931348623157e+308");
        expected.put(-0.0, "0");
        expected.forEach((value, text) -> assertThat(JsNumber.toString(value)).isEqualTo(text));
    }

    @Test
    void parsesJsonAsJavaScriptDoes() {
        assertThat(Json.parse(" { \"a\" : [ 1 , -2.5e1, \"\\u0041\\n\" , { } ] } "))
                .isEqualTo(Map.of("a", List.of(1, -25, "A\n", Map.of())));
        for (String bad :
                List.of("", "01", "1.", "[1,]", "{\"a\"}", "{a:1}", "'x'", "\"\t\"", "nul", "[1]]", "+1", "\"\\x\"")) {
            assertThatThrownBy(() -> Json.parse(bad)).as(bad).isInstanceOf(MalformedUpdateException.class);
        }
    }

    @Test
    void printsLoneSurrogatesEscaped() {
        assertThat(Json.stringify("a\uD83D")).isEqualTo("\"a\\ud83d\"");
        assertThat(Json.stringify("🙂\u0001\"\\")).isEqualTo("\"🙂\\u0001\\\"\\\\\"");
    }

    @Test
    void refusesValuesNestedTooDeep() {
        byte[] deep = new byte[4_000];
        for (int i = 0; i < deep.length; i += 2) {
            deep[i] = 117;
            deep[i + 1] = 1;
        }
        assertThatThrownBy(() -> AnyCodec.skip(new ByteReader(deep))).isInstanceOf(MalformedUpdateException.class);
        assertThatThrownBy(() -> AnyCodec.read(new ByteReader(deep))).isInstanceOf(MalformedUpdateException.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(2_000))).isInstanceOf(MalformedUpdateException.class);
    }

    @Test
    void refusesIntegersOver53Bits() {
        byte[] largest = HexFormat.of().parseHex("ffffffffffffff0f");
        assertThat(new ByteReader(largest).varUint()).isEqualTo((1L << 53) - 1);
        for (String bad : List.of("ffffffffffffff1f", "ffffffffffffffffffff01", "80")) {
            byte[] bytes = HexFormat.of().parseHex(bad);
            assertThatThrownBy(() -> new ByteReader(bytes).varUint()).isInstanceOf(MalformedUpdateException.class);
        }
    }

    @Test
    void measuresTextInUtf16AndRefusesWhatIsNotUtf8() {
        for (String text : List.of("", "ascii only, longer than eight", "wörld", "日本", "a🙂b🙃", "\uFEFFbom")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.utf16Length(bytes, 0, bytes.length)).isEqualTo(text.length());
        }
        for (String bad : List.of("80", "c080", "c3", "e0809f", "eda080", "f08080af", "f4908080", "f5808080", "ff")) {
            byte[] bytes = HexFormat.of().parseHex(bad);
            assertThat(Utf8.utf16Length(bytes, 0, bytes.length)).as(bad).isEqualTo(Utf8.INVALID);
        }
    }

    @Test
    void findsTheByteOfACodeUnit() {
        byte[] bytes = "aé日🙂b".getBytes(StandardCharsets.UTF_8);
        assertThat(List.of(0, 1, 2, 3, 5, 6).stream()
                        .map(unit -> Utf8.offsetOf(bytes, 0, bytes.length, unit))
                        .toList())
                .containsExactly(0, 1, 3, 6, 10, 11);
        assertThat(Utf8.offsetOf(bytes, 0, bytes.length, 4)).isEqualTo(~6);
    }

    @Test
    void findsTheByteOfACodeUnitFromTheEndToo() {
        String text = "0123456789" + "aé日🙂".repeat(3) + "é".repeat(10) + "0123456789abcdef🙂";
        byte[] bytes = ("🙂" + text + "é").getBytes(StandardCharsets.UTF_8);
        int length = bytes.length - 6;
        for (int unit = 0; unit <= text.length(); unit++) {
            assertThat(Utf8.offsetBefore(bytes, 4, length, text.length() - unit))
                    .as("unit %d", unit)
                    .isEqualTo(Utf8.offsetOf(bytes, 4, length, unit));
        }
    }
}
