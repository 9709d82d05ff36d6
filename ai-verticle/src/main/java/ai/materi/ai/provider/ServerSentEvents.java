package ai.materi.ai.provider;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes a {@code text/event-stream} apart as its bytes arrive (WHATWG HTML, 9.2.6): lines end in LF, CR or CRLF, wherever
 * the chunks are cut; only {@code data} is of interest here. A line is bounded.
 */
final class ServerSentEvents {
    /** One frame of a provider holds a few tokens; megabytes are a fault. */
    static final int LONGEST_LINE = 1 << 20;

    private final Consumer<String> data;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder event = new StringBuilder();
    private boolean afterCarriageReturn;

    ServerSentEvents(Consumer<String> data) {
        this.data = data;
    }

    /** @throws IllegalArgumentException when a line is longer than the bound */
    void feed(Buffer chunk) {
        for (int i = 0; i < chunk.length(); i++) {
            byte b = chunk.getByte(i);
            boolean secondHalf = afterCarriageReturn && b == '\n';
            afterCarriageReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!secondHalf) {
                    endOfLine();
                }
            } else {
                if (line.size() >= LONGEST_LINE) {
                    throw new IllegalArgumentException(
                            "a line of the event stream is longer than " + LONGEST_LINE + " bytes");
                }
                line.write(b);
            }
        }
    }

    private void endOfLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.isEmpty()) {
            dispatch();
        } else if (text.startsWith("data:")) {
            String value = text.substring("data:".length());
            if (event.length() + value.length() > LONGEST_LINE) {
                throw new IllegalArgumentException("an event is longer than " + LONGEST_LINE + " characters");
            }
            event.append(event.isEmpty() ? "" : "\n").append(value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void dispatch() {
        if (!event.isEmpty()) {
            String value = event.toString();
            event.setLength(0);
            data.accept(value);
        }
    }
}
