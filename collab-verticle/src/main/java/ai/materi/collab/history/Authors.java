package ai.materi.collab.history;

import ai.materi.platform.postgres.Database;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how those who write in a document are called, in {@code collab.authors}. No edit waits for it: a name that is not
 * written down now is when they write again.
 */
public final class Authors {
    private static final Logger LOG = LoggerFactory.getLogger(Authors.class);
    private static final int REMEMBERED = 50_000;
    private static final String SEEN = """
            insert into collab.authors (document_id, id, name, agent)
            select d.id, $2, $3, $4 from collab.documents d where d.id = $1
            on conflict (document_id, id) do update set name = excluded.name where authors.name <> excluded.name""";
    private static final String NAMED =
            "select id, name, agent from collab.authors where document_id = $1 and id = any ($2)";

    private final Database database;
    private final Cache<Key, String> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    private final Map<Key, Future<?>> underway = new ConcurrentHashMap<>();

    private record Key(UUID documentId, UUID id) {}

    /** As the role {@code materi_collab_log}. */
    public Authors(Database database) {
        this.database = database;
    }

    /** Somebody writes in a document that is in the log; on any thread. */
    public void seen(UUID documentId, Author author) {
        Key key = new Key(documentId, author.id());
        if (author.name().equals(known.getIfPresent(key))) {
            return;
        }
        known.put(key, author.name());
        Future<?> writing = database.writer()
                .preparedQuery(SEEN)
                .execute(Tuple.of(documentId, author.id(), author.name(), author.agent()));
        underway.put(key, writing);
        writing.onComplete(done -> {
            underway.remove(key, writing);
            if (done.failed()) {
                LOG.warn(
                        "a name is not written down yet: {}",
                        String.valueOf(done.cause().getMessage()));
                known.invalidate(key);
            }
        });
    }

    /** Those of them that are known, also when this node is just writing them down. */
    public Future<Map<UUID, Author>> named(UUID documentId, Set<UUID> ids) {
        List<Future<?>> before = new ArrayList<>();
        underway.forEach((key, writing) -> {
            if (key.documentId().equals(documentId)) {
                before.add(writing);
            }
        });
        return Future.join(before).otherwiseEmpty().compose(done -> read(documentId, ids));
    }

    private Future<Map<UUID, Author>> read(UUID documentId, Set<UUID> ids) {
        return database.client()
                .preparedQuery(NAMED)
                .execute(Tuple.tuple().addUUID(documentId).addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> new Author(row.getUUID("id"), row.getString("name"), row.getBoolean("agent")))
                        .collect(Collectors.toMap(Author::id, author -> author)));
    }
}
