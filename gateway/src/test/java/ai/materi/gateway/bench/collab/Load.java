package ai.materi.gateway.bench.collab;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;

/**
 * What is asked of one run.
 *
 * @param server where it listens, such as {@code ws://127.0.0.1:8080/collab}
 * @param documents names of them
 * @param editors of each document; the first {@code writers} of them write
 * @param rate edits a second of a writer
 * @param cursors whether every editor moves its own once a second
 * @param seconds that count, after {@code warmUp} that do not
 * @param pid of the server, whose processor time and memory are told
 */
record Load(
        URI server,
        String token,
        List<String> documents,
        int editors,
        int writers,
        int rate,
        boolean cursors,
        int seconds,
        int warmUp,
        long pid) {
    static Load parse(String json) {
        JsonObject given = new JsonObject(json);
        return new Load(
                URI.create(given.getString("url")),
                given.getString("token"),
                given.getJsonArray("names").stream().map(String.class::cast).toList(),
                given.getInteger("editors"),
                given.getInteger("writers"),
                given.getInteger("rate"),
                given.getBoolean("cursors", false),
                given.getInteger("seconds"),
                given.getInteger("warmup"),
                given.getLong("pid"));
    }
}
