package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ContractTest {
    private final ContractCheck contract = new ContractCheck();

    @Test
    void describesEveryRouteAndNoOther() {
        try (Stand stand = Stand.start(Map.of())) {
            Set<String> routes = stand.gateway().routes().endpoints().stream()
                    .map(endpoint -> endpoint.method().name() + " " + endpoint.path())
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(contract.operations()).isEqualTo(routes);
        }
    }

    @Test
    void servesItselfAsJson() {
        try (Stand stand = Stand.start(Map.of())) {
            Answer answer = stand.send("GET", "/openapi.json", null);

            assertThat(answer.json()).isEqualTo(contract.contract());
            assertThat(stand.send("GET", "/openapi.json", null, "If-None-Match", answer.header("etag"))
                            .status())
                    .isEqualTo(304);
        }
    }

    @Test
    void listsEveryProblemCode() {
        Set<String> codes =
                Arrays.stream(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toSet());

        assertThat(contract
                        .contract()
                        .getJsonObject("components")
                        .getJsonObject("schemas")
                        .getJsonObject("ProblemCode")
                        .getJsonArray("enum")
                        .stream()
                        .map(String::valueOf)
                        .collect(Collectors.toSet()))
                .isEqualTo(codes);
    }

    @Test
    void refersOnlyToWhatIsThere() {
        Matcher refs = Pattern.compile("\"\\$ref\":\"#(/[^\"]+)\"")
                .matcher(contract.contract().encode());

        while (refs.find()) {
            assertThat(JsonPointer.from(refs.group(1)).queryJson(contract.contract()))
                    .as(refs.group(1))
                    .isNotNull();
        }
    }

    @Test
    void namesEachOperationOnceAndShowsItsParameters() {
        Set<String> ids = new TreeSet<>();
        contract.contract().getJsonObject("paths").forEach(path -> {
            JsonObject item = (JsonObject) path.getValue();
            long braces = path.getKey().chars().filter(c -> c == '{').count();
            assertThat(item.getJsonArray("parameters", new JsonArray()).size())
                    .as(path.getKey())
                    .isGreaterThanOrEqualTo((int) braces);
            item.fieldNames().stream()
                    .filter(name -> !name.equals("parameters"))
                    .forEach(method -> assertThat(
                                    ids.add(item.getJsonObject(method).getString("operationId")))
                            .isTrue());
        });
        assertThat(ids).hasSameSizeAs(contract.operations());
    }
}
