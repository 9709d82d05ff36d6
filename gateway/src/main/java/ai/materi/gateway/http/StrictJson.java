package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) without its ambiguities: UTF-8 only, one value, no name twice in an object, at most {@value #MAX_DEPTH}
 * levels deep, and no text that PostgreSQL or UTF-8 could not hold (NUL, half a surrogate pair). Yields null, Boolean,
 * Long, BigDecimal, String, List and Map.
 */
final class StrictJson {
    static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 200;
    private static final int MAX_NUMBER = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(BodyKind.CONTENT.maxBytes())
                    .build())
            .build();

    private StrictJson() {}

    static @Nullable Object parse(Buffer body) {
        try (JsonParser parser = FACTORY.createParser(decode(body))) {
            parser.nextToken();
            if (parser.currentToken() == null) {
                throw Problem.of(ProblemCode.MALFORMED_JSON, "The body is empty.");
            }
            @Nullable Object value = value(parser, "#");
            if (parser.nextToken() != null) {
                throw Problem.of(ProblemCode.MALFORMED_JSON, "Something follows after the JSON value.");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw Problem.of(
                    ProblemCode.MALFORMED_JSON, "The JSON is deeper or has longer names or numbers than allowed.");
        } catch (IOException e) {
            throw Problem.of(ProblemCode.MALFORMED_JSON, "The body is not valid JSON in UTF-8.");
        }
    }

    private static String decode(Buffer body) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body.getBytes()))
                .toString();
    }

    // Recursion is bounded by MAX_DEPTH, which the parser enforces before it descends.
    private static @Nullable Object value(JsonParser parser, String pointer) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return object(parser, pointer);
        }
        if (token == JsonToken.START_ARRAY) {
            return array(parser, pointer);
        }
        return switch (token) {
            case VALUE_STRING -> text(parser.getText(), pointer);
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw Problem.of(ProblemCode.MALFORMED_JSON, "The body is not valid JSON.");
        };
    }

    private static Object integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? new BigDecimal(parser.getText())
                : (Object) parser.getLongValue();
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, String pointer) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (next(parser) != JsonToken.END_OBJECT) {
            String name = text(parser.currentName(), pointer);
            String child = Fields.pointer(pointer, name);
            if (members.containsKey(name)) {
                throw Fields.invalid(child, "The name stands twice in one object.");
            }
            next(parser);
            members.put(name, value(parser, child));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser, String pointer) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (next(parser) != JsonToken.END_ARRAY) {
            items.add(value(parser, pointer + "/" + items.size()));
        }
        return items;
    }

    private static JsonToken next(JsonParser parser) throws IOException {
        @Nullable JsonToken token = parser.nextToken();
        if (token == null) {
            throw Problem.of(ProblemCode.MALFORMED_JSON, "The JSON ends too early.");
        }
        return token;
    }

    private static String text(String text, String pointer) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw Fields.invalid(pointer, "Text cannot hold the character U+0000.");
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    throw Fields.invalid(pointer, "Text holds half of a surrogate pair.");
                }
                i++;
            }
        }
        return text;
    }

    private static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
