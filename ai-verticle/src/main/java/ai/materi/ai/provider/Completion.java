package ai.materi.ai.provider;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a streamed chat completion (OpenAI API reference, "Create chat completion", stream). Its future tells
 * whether it began: it succeeds with the first piece of text (or an end without any), and fails with what stood in the
 * way. From then on the listener is told the rest.
 */
final class Completion {
    private static final String END_OF_STREAM = "[DONE]";
    private static final int LONGEST_ERROR_BODY = 4_096;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpClient http;
    private final ProviderConfig config;
    private final String model;
    private final JsonArray messages;
    private final Once listener;
    private final Promise<Void> begun = Promise.promise();
    private final ServerSentEvents events = new ServerSentEvents(this::onData);
    private @Nullable HttpClientRequest request;
    private long silenceTimer = NO_TIMER;
    private boolean spoken;
    private boolean finished;
    private boolean abandoned;
    private int inputTokens;
    private int outputTokens;

    Completion(Vertx vertx, HttpClient http, ProviderConfig config, String model, JsonArray messages, Once listener) {
        this.vertx = vertx;
        this.http = http;
        this.config = config;
        this.model = model;
        this.messages = messages;
        this.listener = listener;
    }

    boolean hasSpoken() {
        return spoken;
    }

    Future<Void> begin() {
        watchSilence(config.firstTokenTimeout());
        http.request(options()).compose(this::send).onSuccess(this::onResponse).onFailure(this::fail);
        return begun.future();
    }

    private RequestOptions options() {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(config.baseUrl() + "/chat/completions")
                .setConnectTimeout(config.connectTimeout().toMillis())
                .putHeader("content-type", "application/json")
                .putHeader("accept", "text/event-stream");
        return config.apiKey().isEmpty() ? options : options.putHeader("authorization", "Bearer " + config.apiKey());
    }

    private Future<HttpClientResponse> send(HttpClientRequest ready) {
        request = ready;
        if (abandoned || finished) {
            ready.reset();
            return Future.failedFuture("abandoned");
        }
        JsonObject body = new JsonObject()
                .put("model", model)
                .put("messages", messages)
                .put("stream", true)
                .put("stream_options", new JsonObject().put("include_usage", true));
        return ready.send(body.toBuffer());
    }

    private void onResponse(HttpClientResponse response) {
        response.exceptionHandler(this::fail);
        if (response.statusCode() == 200) {
            response.endHandler(end -> onEnd());
            response.handler(this::onChunk);
        } else {
            refuse(response);
        }
    }

    private void refuse(HttpClientResponse response) {
        int status = response.statusCode();
        if (status == 408 || status == 429 || status >= 500) {
            fail(new Overload(status, retryAfterMs(response.getHeader("retry-after"))));
            return;
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() < LONGEST_ERROR_BODY) {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> fail(new Refusal(status, messageOf(body))));
    }

    /** {@code Retry-After} in seconds (RFC 9110, 10.2.3); dates are rare here and count as none. */
    private static long retryAfterMs(@Nullable String header) {
        return header != null && header.matches("\\d{1,6}") ? Long.parseLong(header) * 1_000 : -1;
    }

    private static String messageOf(Buffer body) {
        try {
            JsonObject error = new JsonObject(body).getJsonObject("error", new JsonObject());
            return error.getString("message", "no reason given");
        } catch (DecodeException | ClassCastException e) {
            return "no reason given";
        }
    }

    private void onChunk(Buffer chunk) {
        try {
            events.feed(chunk);
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            fail(new IllegalStateException("it sent a malformed frame", e));
        }
    }

    private void onData(String data) {
        if (finished || abandoned) {
            return;
        }
        if (data.equals(END_OF_STREAM)) {
            finish();
            return;
        }
        JsonObject frame = new JsonObject(data);
        JsonObject usage = frame.getJsonObject("usage");
        if (usage != null) {
            inputTokens = usage.getInteger("prompt_tokens", 0);
            outputTokens = usage.getInteger("completion_tokens", 0);
        }
        JsonObject error = frame.getJsonObject("error");
        if (error != null) {
            throw new IllegalArgumentException(error.getString("message", "an error frame"));
        }
        JsonArray choices = frame.getJsonArray("choices", new JsonArray());
        if (!choices.isEmpty()) {
            String text = choices.getJsonObject(0)
                    .getJsonObject("delta", new JsonObject())
                    .getString("content");
            if (text != null && !text.isEmpty()) {
                speak(text);
            }
        }
    }

    private void speak(String text) {
        spoken = true;
        watchSilence(config.idleTimeout());
        begun.tryComplete();
        listener.delta(text);
    }

    private void finish() {
        finished = true;
        vertx.cancelTimer(silenceTimer);
        begun.tryComplete();
        listener.done(inputTokens, outputTokens);
    }

    private void onEnd() {
        if (!finished) {
            fail(new IllegalStateException("it ended the stream before it was complete"));
        }
    }

    private void watchSilence(Duration limit) {
        vertx.cancelTimer(silenceTimer);
        silenceTimer = vertx.setTimer(
                limit.toMillis(),
                timer -> fail(new IllegalStateException("it said nothing for " + limit.toSeconds() + " s")));
    }

    /** Before the first piece of text the future fails, and somebody may try again; after it, this is the end. */
    private void fail(Throwable cause) {
        if (finished || abandoned) {
            return;
        }
        finished = true;
        release();
        if (!begun.tryFail(cause)) {
            listener.failed(Problem.of(
                    ProblemCode.PROVIDER_ERROR,
                    "The provider '" + config.name() + "' broke off: " + cause.getMessage()));
        }
    }

    /** Nothing more is wanted of this attempt. */
    void abandon() {
        abandoned = true;
        begun.tryComplete();
        release();
    }

    private void release() {
        vertx.cancelTimer(silenceTimer);
        if (request != null) {
            request.reset();
        }
    }
}
