package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code If-Match}, {@code If-None-Match} or {@code Materi-Base} (RFC 9110, 8.8.3 and 13.1): {@code *} or a list
 * of tags.
 *
 * @param any whether it was {@code *}
 * @param tags without quotes; weak ones keep their flag
 */
public record EntityTags(boolean any, List<Tag> tags) {
    private static final int MAX_TAGS = 32;
    private static final int MAX_LENGTH = 4096;

    /** One tag without its quotes; a weak one was marked {@code W/}. */
    public record Tag(String value, boolean weak) {}

    /** Empty when the header is absent; fails with {@code invalid_request} when it is not a list of tags. */
    public static Optional<EntityTags> parse(String header, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        String text = value.strip();
        if (text.equals("*")) {
            return Optional.of(new EntityTags(true, List.of()));
        }
        return Optional.of(new EntityTags(false, list(header, text)));
    }

    private static List<Tag> list(String header, String text) {
        List<Tag> tags = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            boolean weak = text.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            int close = open < text.length() && text.charAt(open) == '"' ? text.indexOf('"', open + 1) : -1;
            if (close < 0 || tags.size() == MAX_TAGS || text.length() > MAX_LENGTH) {
                throw malformed(header);
            }
            tags.add(new Tag(text.substring(open + 1, close), weak));
            at = skipSeparator(header, text, close + 1);
        }
        if (tags.isEmpty()) {
            throw malformed(header);
        }
        return tags;
    }

    private static int skipSeparator(String header, String text, int from) {
        int at = from;
        boolean comma = false;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == ',')) {
            comma |= text.charAt(at) == ',';
            at++;
        }
        if (at < text.length() && !comma) {
            throw malformed(header);
        }
        return at;
    }

    private static Problem malformed(String header) {
        return Problem.of(
                ProblemCode.INVALID_REQUEST,
                header + " is * or up to " + MAX_TAGS + " entity tags in double quotes, separated by commas.");
    }

    /** Strong comparison (RFC 9110, 8.8.3.2), as {@code If-Match} wants it: a weak tag never matches. */
    public boolean matchesStrongly(String current) {
        return any || tags.stream().anyMatch(tag -> !tag.weak() && tag.value().equals(current));
    }

    /** Weak comparison, as {@code If-None-Match} wants it. */
    public boolean matchesWeakly(String current) {
        return any || tags.stream().anyMatch(tag -> tag.value().equals(current));
    }

    public List<String> strongValues() {
        return tags.stream().filter(tag -> !tag.weak()).map(Tag::value).toList();
    }
}
