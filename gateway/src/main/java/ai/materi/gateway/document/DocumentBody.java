package ai.materi.gateway.document;

import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.EntityTags;
import ai.materi.gateway.http.Fields;
import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What requests about documents say, as records. */
final class DocumentBody {
    private static final int MAX_WORKSPACE = 100;
    private static final int MAX_CONTENT = 1 << 20;

    private DocumentBody() {}

    static NewDocument creation(Call call) {
        Fields fields = call.json();
        String title = fields.line("title", NewDocument.MAX_TITLE);
        String workspace = fields.text("workspace_id", 1, MAX_WORKSPACE);
        ContentFormat format = format(fields);
        @Nullable ByteString content = content(fields, format);
        @Nullable UUID parent = fields.optionalUuid("parent_id").orElse(null);
        fields.end();
        return new NewDocument(call.resourceId(), workspace, title, parent, format, content);
    }

    static ContentFormat format(Fields fields) {
        return fields.optionalText("format", 1, 20)
                .map(name -> ContentFormat.named(name)
                        .orElseThrow(() -> fields.invalidMember(
                                "format", "'format' is one of markdown, html, text, prosemirror, yjs.")))
                .orElse(ContentFormat.MARKDOWN);
    }

    /** ProseMirror content is an object, Yjs content is base64, the others are text. */
    private static @Nullable ByteString content(Fields fields, ContentFormat format) {
        if (format == ContentFormat.PROSEMIRROR) {
            return fields.optionalJson("content").map(ByteString::copyFromUtf8).orElse(null);
        }
        Optional<String> text = fields.optionalText("content", 0, MAX_CONTENT);
        return format == ContentFormat.YJS
                ? text.map(encoded -> decode(fields, encoded)).orElse(null)
                : text.map(ByteString::copyFromUtf8).orElse(null);
    }

    private static ByteString decode(Fields fields, String encoded) {
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw fields.invalidMember("content", "A Yjs update is given in base64 (RFC 4648, 4).");
        }
    }

    static DocumentChange change(Call call) {
        Fields fields = call.json();
        @Nullable String title = fields.has("title") ? fields.line("title", NewDocument.MAX_TITLE) : null;
        boolean move = fields.has("parent_id");
        @Nullable UUID parent = fields.optionalUuid("parent_id").orElse(null);
        fields.end();
        return new DocumentChange(title, move, parent, versions(call));
    }

    /** The versions that {@code If-Match} names; null when any will do. */
    private static @Nullable List<Long> versions(Call call) {
        return call.tags("If-Match")
                .filter(tags -> !tags.any())
                .map(EntityTags::strongValues)
                .map(values -> values.stream().flatMap(DocumentBody::version).toList())
                .orElse(null);
    }

    private static Stream<Long> version(String tag) {
        boolean ours = tag.length() > 1
                && tag.length() <= 19
                && tag.charAt(0) == 'd'
                && tag.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
        return ours ? Stream.of(Long.valueOf(tag.substring(1))) : Stream.empty();
    }
}
