package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamEndTest {
    private ScriptedAria aria;
    private Stand stand;

    @BeforeEach
    void start() {
        aria = new ScriptedAria();
        stand = Stand.start(Map.of(), aria);
    }

    @AfterEach
    void end() {
        stand.close();
    }

    private InputStream open() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(stand.uri("/api/v1/ai/generations"))
                .header("Authorization", "Bearer " + stand.token("ada"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        new JsonObject().put("prompt", "x").put("stream", true).encode()))
                .build();
        HttpResponse<InputStream> response = stand.client().send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        Await.until("the stream is read", () -> aria.script() != null);
        return response.body();
    }

    private ScriptedAria.Script script() {
        return Objects.requireNonNull(aria.script());
    }

    private static String rest(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void endsWithOneErrorWhenItsSourceStopsWithoutAnEnd() throws Exception {
        InputStream stream = open();

        script().delta(1, "half");
        script().end();
        script().delta(2, "too late");

        assertThat(rest(stream))
                .contains("event: delta\ndata: {\"text\":\"half\"}\n\nevent: error\n")
                .doesNotContain("too late")
                .endsWith("\n\n");
        assertThat(aria.cancelled()).isEmpty();
    }

    @Test
    void endsWithTheProblemThatItsSourceFailsWith() throws Exception {
        InputStream stream = open();

        script().fail(Problem.of(ProblemCode.PROVIDER_ERROR, "The provider hung up."));
        script().end();

        String text = rest(stream);
        assertThat(text).contains("\"code\":\"provider_error\"");
        assertThat(text.split("event: error", -1)).hasSize(2);
    }

    @Test
    void cancelsTheGenerationWhenItsClientLeaves() throws Exception {
        InputStream stream = open();
        script().delta(1, "a");

        stream.close();

        Await.until("it is cancelled", () -> {
            script().delta(2, "b");
            return aria.cancelled().contains(aria.id());
        });
        assertThat(aria.cancelled()).hasSize(1);
    }

    @Test
    void leavesTheSourceOfAStreamThatIsAskedForItsHeadersOnly() {
        assertThat(stand.as("ada", "HEAD", "/api/v1/ai/generations/" + aria.id() + "/stream", null)
                        .status())
                .isEqualTo(200);

        Await.until("the source is left", () -> script().left());
        assertThat(aria.cancelled()).isEmpty();
    }

    @Test
    void sendsAClientElsewhereWithoutAnEndWhenTheNodeDrains() throws Exception {
        InputStream stream = open();
        script().delta(1, "a");

        stand.test().boot().close();

        String text;
        try {
            text = rest(stream);
        } catch (IOException cut) {
            text = "";
        }
        assertThat(text).doesNotContain("event: error", "event: done");
        assertThat(aria.cancelled()).isEmpty();
    }
}
