package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PageTest {
    private static final String SCRIPT = "console.log('materi');".repeat(100);

    @TempDir
    static Path folder;

    private static Stand stand;

    @BeforeAll
    static void start() throws IOException {
        Path dist = Files.createDirectories(folder.resolve("dist"));
        Files.createDirectories(dist.resolve("assets"));
        Files.writeString(dist.resolve("index.html"), "<!doctype html><title>Materi</title>");
        Files.writeString(dist.resolve("assets/index-B3xY9_kQ.js"), SCRIPT);
        Files.writeString(dist.resolve("favicon.svg"), "<svg/>");
        Files.writeString(folder.resolve("secret.txt"), "not for you");
        stand = Stand.start(Map.of("api.page_dir", dist.toString()));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    private static Answer get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(stand.uri(path)).GET();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return new Answer(stand.client().send(request.build(), BodyHandlers.ofByteArray()));
    }

    @Test
    void servesThePageUnderAStrictPolicy() throws Exception {
        Answer answer = get("/");

        assertThat(answer.text()).contains("<title>Materi</title>");
        assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.header("cache-control")).isEqualTo("no-cache");
        assertThat(answer.header("content-security-policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'");
        assertThat(answer.response().headers().allValues("content-security-policy"))
                .hasSize(1);
        assertThat(get("/", "If-None-Match", answer.header("etag")).status()).isEqualTo(304);
    }

    @Test
    void keepsForGoodWhatIsNamedByItsContent() throws Exception {
        Answer answer = get("/assets/index-B3xY9_kQ.js");

        assertThat(answer.text()).isEqualTo(SCRIPT);
        assertThat(answer.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(answer.header("content-type")).startsWith("text/javascript");
    }

    @Test
    void compressesForThoseWhoTakeIt() throws Exception {
        Answer answer = get("/assets/index-B3xY9_kQ.js", "Accept-Encoding", "gzip");

        assertThat(answer.header("content-encoding")).isEqualTo("gzip");
        assertThat(answer.response().body().length).isLessThan(SCRIPT.length() / 4);
    }

    @Test
    void showsThePageAtItsViews() throws Exception {
        assertThat(get("/documents/42", "Accept", "text/html,*/*").text()).contains("Materi");
        assertThat(get("/documents/42", "Accept", "application/json").status()).isEqualTo(404);
        assertThat(get("/missing.js", "Accept", "text/html,*/*").status()).isEqualTo(404);
        assertThat(get("/api/v1/nothing", "Accept", "text/html,*/*").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/assets/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/assets/..%5c..%5csecret.txt",
                "//secret.txt",
                "/assets/"
            })
    void servesNothingOutsideItsFolder(String path) throws Exception {
        Answer answer = get(path);

        assertThat(answer.status()).isBetween(400, 404);
        assertThat(answer.text()).doesNotContain("not for you");
    }

    @Test
    void refusesToBeWrittenTo() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(stand.uri("/"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        Answer answer = new Answer(stand.client().send(request, BodyHandlers.ofByteArray()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("GET, HEAD");
    }
}
