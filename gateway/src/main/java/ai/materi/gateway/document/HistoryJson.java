package ai.materi.gateway.document;

import ai.materi.proto.collab.v1.AttributedBlock;
import ai.materi.proto.collab.v1.AttributedRange;
import ai.materi.proto.collab.v1.Author;
import ai.materi.proto.collab.v1.AuthorKind;
import ai.materi.proto.collab.v1.Authored;
import ai.materi.proto.collab.v1.ComparedBlock;
import ai.materi.proto.collab.v1.ComparedRun;
import ai.materi.proto.collab.v1.Session;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Authors, what they did and when, as JSON. */
final class HistoryJson {
    private static final double SHARES = 10_000;

    private HistoryJson() {}

    /** With the share that each of them has in the units of all. */
    static JsonArray authors(List<Author> authors) {
        long all = authors.stream().mapToLong(Author::getUnits).sum();
        return array(
                authors,
                author -> author(author)
                        .put("units", author.getUnits())
                        .put("share", all == 0 ? 0 : Math.round(SHARES * author.getUnits() / all) / SHARES));
    }

    static JsonArray named(List<Author> authors) {
        return array(authors, HistoryJson::author);
    }

    private static JsonObject author(Author author) {
        return new JsonObject()
                .put("id", orNull(author.getId()))
                .put("name", orNull(author.getName()))
                .put("kind", kind(author.getKind()));
    }

    static JsonArray blocks(List<AttributedBlock> blocks) {
        return array(
                blocks,
                block -> new JsonObject()
                        .put("id", block.getId())
                        .put("type", block.getType())
                        .put("ranges", array(block.getRangesList(), HistoryJson::range)));
    }

    private static JsonObject range(AttributedRange range) {
        return by(new JsonObject().put("from", range.getFrom()).put("to", range.getTo()), range.getBy());
    }

    static JsonArray compared(List<ComparedBlock> blocks) {
        return array(blocks, HistoryJson::compared);
    }

    private static JsonObject compared(ComparedBlock block) {
        JsonObject json = new JsonObject()
                .put("change", name(block.getChange(), "BLOCK_CHANGE_"))
                .put("id", orNull(block.getId()))
                .put("was_id", orNull(block.getWasId()))
                .put("type", block.getType())
                .put("was_type", orNull(block.getWasType()))
                .put("depth", block.getDepth())
                .put("attributes", new JsonArray(List.copyOf(block.getAttributesList())));
        return by(json, block.getBy()).put("runs", array(block.getRunsList(), HistoryJson::run));
    }

    private static JsonObject run(ComparedRun run) {
        JsonObject json = new JsonObject()
                .put("change", name(run.getChange(), "RUN_CHANGE_"))
                .put("text", run.getText())
                .put("added", new JsonArray(List.copyOf(run.getAddedList())))
                .put("removed", new JsonArray(List.copyOf(run.getRemovedList())))
                .put("changed", new JsonArray(List.copyOf(run.getChangedList())));
        return by(json, run.getBy());
    }

    static JsonObject session(Session session) {
        return new JsonObject()
                .put("id", session.getId())
                .put("author", author(session.getAuthor()))
                .put("via", session.hasVia() ? author(session.getVia()) : null)
                .put("began_at", session.getBeganAt())
                .put("ended_at", session.getEndedAt())
                .put("updates", session.getUpdates())
                .put("inserted", session.getInserted())
                .put("deleted", session.getDeleted());
    }

    /** The name of a constant as callers write it. */
    private static String name(Enum<?> constant, String prefix) {
        return constant.name().substring(prefix.length()).toLowerCase(Locale.ROOT);
    }

    /** The object with who did it; all null when nobody is known to have. */
    private static JsonObject by(JsonObject object, Authored by) {
        return object.put("author", orNull(by.getAuthorId()))
                .put("via", orNull(by.getViaId()))
                .put("at", orNull(by.getAt()));
    }

    private static @Nullable String kind(AuthorKind kind) {
        return switch (kind) {
            case AUTHOR_KIND_PERSON -> "person";
            case AUTHOR_KIND_AGENT -> "agent";
            default -> null;
        };
    }

    private static <T> JsonArray array(List<T> items, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return array;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
