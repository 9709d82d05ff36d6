package ai.materi.gateway.http;

import ai.materi.gateway.limit.Verdict;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a reply on the wire. */
final class ReplyWriter {
    private static final long LINGERING_MS = 5_000;

    private ReplyWriter() {}

    static void write(Call call, Reply reply) {
        HttpServerResponse response = call.response();
        if (response.ended() || response.closed()) {
            reply.drop();
            return;
        }
        putLimits(response, call.verdicts());
        if (reply instanceof Reply.Content content) {
            write(call.request(), content);
            leaveBodyBehind(call, content.status());
        } else if (reply instanceof Reply.Streamed streamed) {
            stream(call.request(), streamed);
        }
    }

    static void write(HttpServerRequest request, Reply.Content content) {
        HttpServerResponse response = request.response().setStatusCode(content.status());
        put(response, content.headers());
        if (request.method().equals(HttpMethod.HEAD) && content.body().length() > 0) {
            response.putHeader("content-length", String.valueOf(content.body().length()));
            response.end();
        } else if (content.body().length() == 0) {
            response.end();
        } else {
            response.end(content.body());
        }
    }

    private static void stream(HttpServerRequest request, Reply.Streamed streamed) {
        put(request.response(), streamed.headers());
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response().end();
            streamed.drop();
        } else {
            request.response().setChunked(true);
            streamed.writer().accept(request.response());
        }
    }

    private static void put(HttpServerResponse response, List<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> header : headers) {
            response.headers().add(header.getKey(), header.getValue());
        }
    }

    /** The fields of draft-ietf-httpapi-ratelimit-headers: every policy that counted, and the one nearest to its end. */
    private static void putLimits(HttpServerResponse response, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        StringBuilder policies = new StringBuilder(120);
        @Nullable Verdict nearest = null;
        for (Verdict verdict : verdicts) {
            policies.append(policies.isEmpty() ? "" : ", ")
                    .append(verdict.policy().item());
            if (verdict instanceof Verdict.Uncounted) {
                response.putHeader("materi-ratelimit", "unavailable");
            } else if (nearest == null || verdict.share() < nearest.share()) {
                nearest = verdict;
            }
        }
        response.putHeader("ratelimit-policy", policies);
        if (nearest != null) {
            response.putHeader("ratelimit", nearest.item());
        }
    }

    /** What a refused client still sends is thrown away; one that sends too much is cut off after a while: many read no
     * answer before they have sent all. */
    private static void leaveBodyBehind(Call call, int status) {
        HttpServerRequest request = call.request();
        if (call.endpoint().body() == BodyKind.NONE || call.bodyRead() || request.isEnded()) {
            return;
        }
        request.handler(rest -> {});
        request.resume();
        if (status == 413 && request.version() != HttpVersion.HTTP_2) {
            Vertx.currentContext().owner().setTimer(LINGERING_MS, late -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
    }
}
