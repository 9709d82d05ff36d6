package ai.materi.gateway.document;

import ai.materi.gateway.http.Call;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which format a request about content means: by {@code format}, else by its media types (RFC 9110, 12.5.1), else Markdown. */
final class Negotiation {
    private static final int MAX_RANGES = 32;

    /** One item of {@code Accept}. */
    private record Range(String type, double weight) {
        static Range parse(String item) {
            List<String> parts =
                    Arrays.stream(item.split(";", 8)).map(String::strip).toList();
            double weight = parts.stream()
                    .skip(1)
                    .filter(part -> part.toLowerCase(Locale.ROOT).startsWith("q="))
                    .findFirst()
                    .map(part -> weight(part.substring(2)))
                    .orElse(1.0);
            return new Range(parts.get(0).toLowerCase(Locale.ROOT), weight);
        }

        private static double weight(String text) {
            try {
                double weight = Double.parseDouble(text);
                return weight >= 0 && weight <= 1 ? weight : 0;
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        boolean contains(ContentFormat format) {
            String type = format.mediaType();
            return this.type.equals("*/*")
                    || this.type.equals(type)
                    || (this.type.endsWith("/*") && type.startsWith(this.type.substring(0, this.type.length() - 1)));
        }

        int precision() {
            return type.equals("*/*") ? 0 : type.endsWith("/*") ? 1 : 2;
        }
    }

    private Negotiation() {}

    /** What the caller wants to read; fails with {@code not_acceptable}. */
    static ContentFormat wanted(Call call) {
        @Nullable String accept = call.header("Accept");
        return asked(call).orElseGet(() -> accept == null ? ContentFormat.MARKDOWN : best(accept));
    }

    private static ContentFormat best(String accept) {
        List<Range> ranges =
                Arrays.stream(accept.split(",", MAX_RANGES)).map(Range::parse).toList();
        return Arrays.stream(ContentFormat.values())
                .filter(format -> weight(ranges, format) > 0)
                .max(Comparator.<ContentFormat>comparingDouble(format -> weight(ranges, format))
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow(() -> Problem.of(
                        ProblemCode.NOT_ACCEPTABLE,
                        "Content comes as text/markdown, text/html, text/plain, application/json (ProseMirror) and"
                                + " application/octet-stream (Yjs)."));
    }

    /** The most precise range that contains a format decides. */
    private static double weight(List<Range> ranges, ContentFormat format) {
        return ranges.stream()
                .filter(range -> range.contains(format))
                .max(Comparator.comparingInt(Range::precision))
                .map(Range::weight)
                .orElse(0.0);
    }

    /** What the caller sends; fails with {@code unsupported_media_type}. */
    static ContentFormat sent(Call call) {
        Optional<ContentFormat> asked = asked(call);
        @Nullable String header = call.header("Content-Type");
        if (header == null) {
            return asked.orElseThrow(() -> unsupported("Say by Content-Type or 'format' what the content is."));
        }
        String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        Optional<ContentFormat> typed = ContentFormat.ofMediaType(type);
        if (typed.isEmpty() || (asked.isPresent() && !asked.equals(typed))) {
            throw unsupported(
                    asked.isPresent()
                            ? "Content-Type and 'format' do not name the same format."
                            : "Content goes in as text/markdown, text/html, text/plain, application/json (ProseMirror)"
                                    + " or application/octet-stream (Yjs).");
        }
        return typed.get();
    }

    private static Problem unsupported(String detail) {
        return Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, detail);
    }

    private static Optional<ContentFormat> asked(Call call) {
        return call.query("format")
                .map(name -> ContentFormat.named(name)
                        .orElseThrow(() -> call.invalidQuery(
                                "format", "'format' is one of markdown, html, text, prosemirror, yjs.")));
    }
}
