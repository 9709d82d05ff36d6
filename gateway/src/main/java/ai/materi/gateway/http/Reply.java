package ai.materi.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An answer, before it is written. */
public sealed interface Reply {
    /** A status, headers and a body that is there as a whole; an empty body has no media type. */
    record Content(int status, List<Map.Entry<String, String>> headers, Buffer body) implements Reply {
        public Content {
            headers = List.copyOf(headers);
        }

        /** The same with one more header. */
        public Content with(String name, String value) {
            List<Map.Entry<String, String>> more = new ArrayList<>(headers);
            more.add(Map.entry(name, value));
            return new Content(status, more, body);
        }

        public Optional<String> header(String name) {
            return headers.stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /**
     * A body that is written over time.
     *
     * @param writer is handed the response with its headers set and ends it
     * @param unwritten runs instead when nobody is there to read it
     */
    record Streamed(List<Map.Entry<String, String>> headers, Consumer<HttpServerResponse> writer, Runnable unwritten)
            implements Reply {
        public Streamed {
            headers = List.copyOf(headers);
        }

        @Override
        public void drop() {
            unwritten.run();
        }
    }

    /** Nobody will be sent this: what it holds open is let go. */
    default void drop() {}

    String JSON = "application/json";

    static Content json(int status, JsonObject body) {
        return of(status, JSON, body.toBuffer());
    }

    /**
     * JSON that is text already.
     *
     * @param body as the database rendered it
     */
    static Content json(int status, String body) {
        return of(status, JSON, Buffer.buffer(body));
    }

    static Content of(int status, String mediaType, Buffer body) {
        return new Content(status, List.of(Map.entry("content-type", mediaType)), body);
    }

    static Content empty(int status) {
        return new Content(status, List.of(), Buffer.buffer());
    }
}
