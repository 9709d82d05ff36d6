package ai.materi.collab.service;

import ai.materi.collab.content.Format;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document's content at one moment in one format, written {@code <generation>-<sequence>-<format>}. */
record Etag(int generation, long seq, Format format) {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})-([a-z]{1,16})");

    /** Empty when it is no ETag of ours, and so of nothing that was ever served. */
    static Optional<Etag> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return format(matcher.group(3))
                .map(format -> new Etag(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), format));
    }

    private static Optional<Format> format(String name) {
        for (Format format : Format.values()) {
            if (name(format).equals(name)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return generation + "-" + seq + "-" + name(format);
    }
}
