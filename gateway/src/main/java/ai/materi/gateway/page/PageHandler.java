package ai.materi.gateway.page;

import ai.materi.gateway.http.EntityTags;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page. A path without a file of its own is a view of the page when a browser navigates to it: then it gets
 * {@code index.html}.
 */
public final class PageHandler implements Handler<RoutingContext> {
    private static final String INDEX = "/index.html";
    private static final String POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data: blob: https:; connect-src 'self' ws: wss:; frame-ancestors 'none';"
            + " base-uri 'none'; form-action 'self'";

    private final PageFiles files;

    public PageHandler(PageFiles files) {
        this.files = files;
    }

    @Override
    public void handle(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        String path = request.path() == null ? "/" : request.path();
        Optional<PageFile> file = files.at(path.equals("/") ? INDEX : path);
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            refuseMethod(request, file);
            return;
        }
        PageFile found = file.or(() -> view(request, path)).orElseThrow(() -> nothing(path));
        send(request, found);
    }

    private static void refuseMethod(HttpServerRequest request, Optional<PageFile> file) {
        if (file.isEmpty()) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is nothing at this path.");
        }
        request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
        throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path takes GET, HEAD.");
    }

    private Optional<PageFile> view(HttpServerRequest request, String path) {
        @Nullable String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean navigates = accept != null && accept.contains("text/html");
        boolean named = path.lastIndexOf('.') > path.lastIndexOf('/');
        return navigates && !named ? files.at(INDEX) : Optional.empty();
    }

    private Problem nothing(String path) {
        return Problem.of(
                ProblemCode.NOT_FOUND,
                files.isEmpty() && path.equals("/")
                        ? "The page is not built; the REST interface is at /api/v1, described at /openapi.json."
                        : "There is nothing at this path.");
    }

    private static void send(HttpServerRequest request, PageFile file) {
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.ETAG, "\"" + file.etag() + "\"")
                .putHeader(
                        HttpHeaders.CACHE_CONTROL, file.hashed() ? "public, max-age=31536000, immutable" : "no-cache")
                .putHeader(HttpHeaders.VARY, "Accept-Encoding")
                .putHeader("Content-Security-Policy", POLICY);
        boolean known = EntityTags.parse("If-None-Match", request.getHeader(HttpHeaders.IF_NONE_MATCH))
                .map(tags -> tags.matchesWeakly(file.etag()))
                .orElse(false);
        if (known) {
            response.setStatusCode(304).end();
        } else {
            sendBody(request, response.putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType()), file);
        }
    }

    private static void sendBody(HttpServerRequest request, HttpServerResponse response, PageFile file) {
        @Nullable String encodings = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        boolean gzip = file.gzipped() != null && encodings != null && encodings.contains("gzip");
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        var bytes = gzip && file.gzipped() != null ? file.gzipped() : file.bytes();
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes.length()))
                    .end();
        } else {
            response.end(bytes);
        }
    }
}
