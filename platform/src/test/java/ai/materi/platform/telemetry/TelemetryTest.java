package ai.materi.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Traceparent;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TelemetryTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void writesOneJsonObjectALineWithTheIdsOfTheCall() {
        LoggerContext context = new LoggerContext();
        List<ILoggingEvent> written = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> sink = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                written.add(event);
            }
        };
        sink.setContext(context);
        sink.start();
        CallAppender appender = new CallAppender();
        appender.setContext(context);
        appender.addAppender(sink);
        appender.start();
        Vertx vertx = Vertx.vertx();
        Await.result(onLoop(
                vertx,
                () -> CallContext.anonymous("request-9", TRACE).call(() -> {
                    appender.doAppend(new LoggingEvent(
                            "fqcn",
                            context.getLogger("x"),
                            Level.WARN,
                            "two\nlines",
                            new IllegalStateException("why"),
                            new Object[0]));
                    return Future.succeededFuture();
                })));
        Await.until("the line is written", () -> written.size() == 1);
        String line = new String(new JsonLines().encode(written.get(0)), StandardCharsets.UTF_8);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        JsonObject json = new JsonObject(line);
        assertThat(json.getString("message")).isEqualTo("two\nlines");
        assertThat(json.getString("request_id")).isEqualTo("request-9");
        assertThat(json.getString("trace_id")).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(json.getString("error")).contains("IllegalStateException: why");
        appender.stop();
        Await.result(vertx.close());
    }

    @Test
    void leavesWhatPeersBreakOutOfTheLogUnlessItIsAskedFor() {
        String connections = "io.vertx.core.net.impl.ConnectionBase";
        LoggerContext usual = new LoggerContext();
        LoggerContext asked = new LoggerContext();

        Logs.install(usual, Level.INFO, false);
        Logs.install(asked, Level.DEBUG, false);

        assertThat(usual.getLogger(connections).isErrorEnabled()).isFalse();
        assertThat(asked.getLogger(connections).isErrorEnabled()).isTrue();
        usual.stop();
        asked.stop();
    }

    @Test
    void measuresTheJvmAndThePoolsOfVertx() {
        try (Telemetry telemetry = Telemetry.create("node-1", settings(Map.of()))) {
            VertxOptions options = new VertxOptions();
            Vertx vertx = telemetry.instrument(Vertx.builder(), options).build();
            Await.result(vertx.executeBlocking(() -> "work"));
            assertThat(telemetry.meters().scrape())
                    .contains("jvm_memory_used_bytes")
                    .contains("vertx_pool_completed_total");
            Await.result(vertx.close());
        }
    }

    @Test
    void sendsSpansByOtlpAndContinuesTheTraceThatCame() {
        Vertx collectorVertx = Vertx.vertx();
        List<Buffer> received = new CopyOnWriteArrayList<>();
        var collector = Await.result(collectorVertx
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(body);
                    request.response().end();
                }))
                .listen(0, "127.0.0.1"));
        Telemetry telemetry = Telemetry.create(
                "node-2",
                settings(Map.of(
                        "tracing.enabled",
                        "true",
                        "tracing.endpoint",
                        "http://127.0.0.1:" + collector.actualPort() + "/v1/traces")));
        VertxOptions options = new VertxOptions();
        Vertx vertx = telemetry.instrument(Vertx.builder(), options).build();
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().end(Traceparent.continued(request.getHeader("traceparent"))))
                .listen(0, "127.0.0.1"));
        HttpClient asking = collectorVertx.createHttpClient();
        String seen = Await.result(asking.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                .compose(request -> request.putHeader("traceparent", TRACE).send())
                .compose(response -> response.body())
                .map(Buffer::toString)
                .eventually(asking::close));
        assertThat(seen).startsWith("00-0af7651916cd43dd8448eb211c80319c-").isNotEqualTo(TRACE);
        telemetry.close();
        assertThat(received).isNotEmpty();
        Await.result(vertx.close());
        Await.result(collectorVertx.close());
    }

    private static ai.materi.platform.config.Settings settings(Map<String, String> overrides) {
        return TestSettings.with(Path.of("target", "telemetry-data"), overrides).section("tracing");
    }

    private static <T> Future<T> onLoop(Vertx vertx, java.util.function.Supplier<Future<T>> body) {
        Promise<T> result = Promise.promise();
        vertx.runOnContext(v -> body.get().onComplete(result));
        return result.future();
    }
}
