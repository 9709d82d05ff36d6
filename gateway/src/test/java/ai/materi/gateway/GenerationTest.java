package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GenerationTest {
    private static final String GENERATIONS = "/api/v1/ai/generations";
    private static final String TEXT =
            "The harbour opens in May. The harbour master signs the plan for the harbour. Ships arrive in June."
                    + " Nobody knows the weather. The plan names every ship.";

    private static Stand stand;
    private static String document;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
        document = stand.as(
                        "ada",
                        "POST",
                        "/api/v1/documents",
                        new JsonObject()
                                .put("title", "Harbour")
                                .put("workspace_id", "demo")
                                .put("content", TEXT))
                .json()
                .getString("id");
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    private static JsonObject summary() {
        return new JsonObject().put("action", "summary").put("document_id", document);
    }

    private static List<String> names(String stream) {
        List<String> names = new ArrayList<>();
        stream.lines().filter(line -> line.startsWith("event: ")).forEach(line -> names.add(line.substring(7)));
        return names;
    }

    @Test
    void answersAGenerationAsAWhole() {
        Answer answer = stand.as("ada", "POST", GENERATIONS, summary());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getString("status")).isEqualTo("done");
        assertThat(answer.json().getString("text")).isNotEmpty();
    }

    @Test
    void streamsItsEventsOnTheRequestItself() {
        Answer answer = stand.as("ada", "POST", GENERATIONS, summary().put("stream", true));

        assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
        List<String> names = names(answer.text());
        assertThat(answer.text()).startsWith("retry: 2000\n\n").contains("id: 1\nevent: meta\n");
        assertThat(names).startsWith("meta").contains("delta", "citation").endsWith("done");
        assertThat(names.stream()
                        .filter(name -> List.of("done", "error", "cancelled").contains(name)))
                .hasSize(1);
    }

    @Test
    void replaysWhatAClientHasMissedAndNothingElse() {
        String id = stand.as("ada", "POST", GENERATIONS, summary()).json().getString("id");
        String stream = GENERATIONS + "/" + id + "/stream";
        String all = stand.as("ada", "GET", stream, null).text();
        long last = all.lines().filter(line -> line.startsWith("id: ")).count();

        String rest = stand.as("ada", "GET", stream, null, "Last-Event-ID", "1").text();

        assertThat(all).endsWith(rest).isNotEqualTo(rest);
        assertThat(stand.as("ada", "GET", stream, null, "Last-Event-ID", String.valueOf(last))
                        .status())
                .isEqualTo(204);
        assertThat(stand.as("ada", "GET", stream, null, "Last-Event-ID", "x").status())
                .isEqualTo(400);
    }

    @Test
    void opensAStreamByATicketForItsDocument() {
        String id = stand.as("ada", "POST", GENERATIONS, summary()).json().getString("id");
        String ticket = stand.as("ada", "POST", "/api/v1/auth/tickets", new JsonObject().put("document_id", document))
                .json()
                .getString("ticket");
        String stream = GENERATIONS + "/" + id + "/stream?ticket=" + ticket + "&document_id=";

        assertThat(stand.send("GET", stream + document, null).status()).isEqualTo(200);
        assertThat(stand.send("GET", stream + UUID.randomUUID(), null).status()).isEqualTo(401);
        assertThat(stand.send("GET", GENERATIONS + "/" + id + "/stream", null).status())
                .isEqualTo(401);
    }

    @Test
    void startsAGenerationOnceForOneKey() {
        String key = UUID.randomUUID().toString();

        Answer first = stand.as("ada", "POST", GENERATIONS, summary(), "Idempotency-Key", key);
        Answer second = stand.as("ada", "POST", GENERATIONS, summary(), "Idempotency-Key", key);

        assertThat(second.json().getString("id")).isEqualTo(first.json().getString("id"));
        assertThat(second.json().getString("text")).isEqualTo(first.json().getString("text"));
    }

    @Test
    void saysWhatItCannotDoWithoutAModel() {
        Answer answer = stand.as("ada", "POST", GENERATIONS, new JsonObject().put("prompt", "Write a poem"));

        assertThat(answer.code()).isEqualTo("unsupported_action");
    }

    @Test
    void hidesGenerationsAndDocumentsFromStrangers() {
        String id = stand.as("ada", "POST", GENERATIONS, summary()).json().getString("id");
        String stranger = stand.stranger();

        assertThat(stand.asToken(stranger, "GET", GENERATIONS + "/" + id, null).status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "GET", GENERATIONS + "/" + id + "/stream", null)
                        .status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "DELETE", GENERATIONS + "/" + id, null)
                        .status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "POST", GENERATIONS, summary()).status())
                .isEqualTo(404);
    }

    @Test
    void leavesAGenerationThatHasEndedAsItIs() {
        String id = stand.as("ada", "POST", GENERATIONS, summary()).json().getString("id");

        assertThat(stand.as("ada", "DELETE", GENERATIONS + "/" + id, null)
                        .json()
                        .getString("status"))
                .isEqualTo("done");
        assertThat(stand.as("ada", "GET", GENERATIONS + "/" + id, null).json().getString("status"))
                .isEqualTo("done");
    }

    @Test
    void listsItsModels() {
        assertThat(stand.as("ada", "GET", "/api/v1/ai/capabilities", null)
                        .json()
                        .getJsonArray("models"))
                .isNotEmpty();
    }
}
