package ai.materi.gateway.document;

import ai.materi.proto.collab.v1.Format;
import java.util.Locale;
import java.util.Optional;

/** The formats that content goes in and out in, with their names in queries and their media types. */
enum ContentFormat {
    MARKDOWN("text/markdown", Format.FORMAT_MARKDOWN),
    HTML("text/html", Format.FORMAT_HTML),
    TEXT("text/plain", Format.FORMAT_TEXT),
    PROSEMIRROR("application/json", Format.FORMAT_PROSEMIRROR),
    YJS("application/octet-stream", Format.FORMAT_YJS);

    private final String mediaType;
    private final Format proto;

    ContentFormat(String mediaType, Format proto) {
        this.mediaType = mediaType;
        this.proto = proto;
    }

    Format proto() {
        return proto;
    }

    String mediaType() {
        return mediaType;
    }

    /** With its charset, as an answer is labelled. */
    String contentType() {
        return mediaType.startsWith("text/") ? mediaType + "; charset=utf-8" : mediaType;
    }

    static Optional<ContentFormat> named(String name) {
        for (ContentFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** By a media type without parameters, in lower case. */
    static Optional<ContentFormat> ofMediaType(String type) {
        for (ContentFormat format : values()) {
            if (format.mediaType.equals(type)) {
                return Optional.of(format);
            }
        }
        return type.equals("text/x-markdown") ? Optional.of(MARKDOWN) : Optional.empty();
    }
}
