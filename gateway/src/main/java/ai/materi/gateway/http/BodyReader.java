package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a body within its bound, after refusing by its headers what would be refused anyway. */
final class BodyReader {
    private BodyReader() {}

    /** The request is paused until then. */
    static Future<Buffer> read(HttpServerRequest request, BodyKind kind) {
        boolean announced = isAnnounced(request);
        if (announced) {
            requireReadable(request, kind);
        }
        if (announced && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        return collect(request, kind.maxBytes());
    }

    private static boolean isAnnounced(HttpServerRequest request) {
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null ? !length.equals("0") : request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static void requireReadable(HttpServerRequest request, BodyKind kind) {
        @Nullable String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Bodies are sent without Content-Encoding.");
        }
        if (kind.isJson() && !isJson(request)) {
            throw Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send application/json and say so in Content-Type.");
        }
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && (length.length() > 10 || Long.parseLong(length) > kind.maxBytes())) {
            throw tooLarge(kind.maxBytes());
        }
    }

    private static boolean isJson(HttpServerRequest request) {
        @Nullable String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return false;
        }
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") || media.equals("application/merge-patch+json");
    }

    private static Problem tooLarge(int max) {
        return Problem.of(ProblemCode.TOO_LARGE, "The body has more than " + max + " bytes.", Map.of("max_bytes", max));
    }

    private static Future<Buffer> collect(HttpServerRequest request, int max) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(cut ->
                whole.tryFail(Problem.of(ProblemCode.INVALID_REQUEST, "The body ended before it was complete.")));
        request.endHandler(end -> whole.tryComplete(body));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > max) {
                request.handler(rest -> {});
                whole.tryFail(tooLarge(max));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.resume();
        return whole.future();
    }
}
