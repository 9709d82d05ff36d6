package ai.materi.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private static Fields parse(String json) {
        return Fields.parse(Buffer.buffer(json));
    }

    private static void refuses(String json, Consumer<Fields> reading, String pointer) {
        assertThatThrownBy(() -> reading.accept(parse(json))).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
            assertThat(problem.members()).containsEntry("pointer", pointer);
        });
    }

    @Test
    void namesTheFieldByItsPointer() {
        refuses(
                "{\"a\": {\"b\": [{}, {\"c\": 1}]}}",
                f -> {
                    Fields b = f.object("a").objects("b", 0, 9).get(1);
                    b.text("c", 0, 9);
                },
                "#/a/b/1/c");
        refuses("{\"x/y~z\": 1}", Fields::end, "#/x~1y~0z");
        refuses("{\"a\": {\"d\": 1, \"d\": 2}}", Fields::end, "#/a/d");
        refuses("{\"a\": [\"\\udc00\"]}", Fields::end, "#/a/0");
    }

    @Test
    void refusesWhatIsMissingOfAnotherTypeOrOutOfBounds() {
        refuses("{}", f -> f.text("t", 0, 9), "#/t");
        refuses("{\"t\": null}", f -> f.text("t", 0, 9), "#/t");
        refuses("{\"t\": \"1234567890\"}", f -> f.text("t", 0, 9), "#/t");
        refuses("{\"t\": \"a\\nb\"}", f -> f.line("t", 9), "#/t");
        refuses("{\"t\": \"   \"}", f -> f.line("t", 9), "#/t");
        refuses("{\"t\": \"1-1-1-1-1\"}", f -> f.optionalUuid("t"), "#/t");
        refuses("{\"t\": 1.5}", f -> f.integer("t", 0, 9), "#/t");
        refuses("{\"t\": 99999999999999999999}", f -> f.integer("t", 0, 9), "#/t");
        refuses("{\"t\": \"true\"}", f -> f.flag("t", true), "#/t");
        refuses("{\"t\": {}}", f -> f.objects("t", 0, 9), "#/t");
    }

    @Test
    void saysOfEveryLengthAndTypeWhatIsExpected() {
        assertThatThrownBy(() -> parse("{\"t\": \"" + "x".repeat(2_000) + "\"}").line("t", 300))
                .hasMessageContaining("'t' has 1 to 300 characters.");
        assertThatThrownBy(() -> parse("{\"t\": \"{}\"}").optionalJson("t"))
                .hasMessageContaining("'t' is an object in this format.");
    }

    @Test
    void countsCharactersAndNotHalvesOfThem() {
        assertThat(parse("{\"t\": \"😀😀😀\"}").line("t", 3)).isEqualTo("😀😀😀");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{}x", "{\"a\":01}", "{\"a\":\"\n\"}", "// c\n{}", "{\"a\":.5}", "\uFEFF{}", "{a:1}"})
    void refusesWhatIsNoJson(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_JSON));
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'};
        assertThatThrownBy(() -> Fields.parse(Buffer.buffer(overlong))).isInstanceOf(Problem.class);
    }

    @Test
    void boundsTheDepth() {
        assertThat(parse("{\"a\":".repeat(63) + "1" + "}".repeat(63)).has("a")).isTrue();
        assertThatThrownBy(() -> parse("{\"a\":".repeat(65) + "1" + "}".repeat(65)))
                .isInstanceOf(Problem.class);
    }
}
