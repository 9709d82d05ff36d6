package ai.materi.collab.version;

import ai.materi.collab.room.CommittedState;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of versions, as the role {@code materi_collab_log}: who may read a document was decided before. */
public final class VersionTables {
    private static final String KEEP = "select * from collab.keep_version($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    private static final String LIST = """
            select document_id, id, name, generation, seq, size, author_id, created_at
            from collab.versions
            where document_id = $1 and (created_at, id) < ($2, $3)
            order by created_at desc, id desc limit $4""";
    private static final String FIND = """
            select document_id, id, name, generation, seq, size, author_id, created_at
            from collab.versions where document_id = $1 and id = $2""";
    private static final String STATE = "select state, size from collab.versions where document_id = $1 and id = $2";
    private static final String RENAME = """
            update collab.versions set name = $3 where document_id = $1 and id = $2
            returning document_id, id, name, generation, seq, size, author_id, created_at""";
    private static final String DELETE = "delete from collab.versions where document_id = $1 and id = $2";

    private final Database database;
    private final VersionSettings settings;

    public VersionTables(Database database, VersionSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** A version that is to be kept. */
    public record Wanted(
            UUID documentId,
            UUID id,
            @Nullable String name,
            @Nullable UUID author) {}

    /**
     * Keeps a state. The one with that id is answered when it is there already, and for one without a name any version of
     * the same state. Empty when the document keeps as many as it may, all of them with names.
     */
    public Future<Optional<KeptVersion>> keep(Wanted wanted, CommittedState at, PackedState state) {
        return database.writer()
                .preparedQuery(KEEP)
                .execute(Tuple.from(new @Nullable Object[] {
                    wanted.documentId(),
                    wanted.id(),
                    wanted.name(),
                    at.generation(),
                    at.seq(),
                    Buffer.buffer(state.packed()),
                    state.size(),
                    wanted.author(),
                    (long) settings.most(),
                    (long) settings.mostBytes()
                }))
                .map(VersionTables::first);
    }

    /** Newest first. */
    public Future<List<KeptVersion>> list(UUID documentId, VersionPosition after, int limit) {
        return database.client()
                .preparedQuery(LIST)
                .execute(Tuple.of(documentId, after.createdAt(), after.id(), limit))
                .map(rows -> rows.stream().map(VersionTables::version).toList());
    }

    public Future<Optional<KeptVersion>> find(UUID documentId, UUID id) {
        return database.client()
                .preparedQuery(FIND)
                .execute(Tuple.of(documentId, id))
                .map(VersionTables::first);
    }

    public Future<Optional<PackedState>> state(UUID documentId, UUID id) {
        return database.client()
                .preparedQuery(STATE)
                .execute(Tuple.of(documentId, id))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new PackedState(row.getBuffer("state").getBytes(), row.getLong("size"))));
    }

    public Future<Optional<KeptVersion>> rename(UUID documentId, UUID id, String name) {
        return database.writer()
                .preparedQuery(RENAME)
                .execute(Tuple.of(documentId, id, name))
                .map(VersionTables::first);
    }

    /** False when there was none. */
    public Future<Boolean> delete(UUID documentId, UUID id) {
        return database.writer()
                .preparedQuery(DELETE)
                .execute(Tuple.of(documentId, id))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Optional<KeptVersion> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(VersionTables::version);
    }

    private static KeptVersion version(Row row) {
        return new KeptVersion(
                row.getUUID("document_id"),
                row.getUUID("id"),
                row.getString("name"),
                row.getInteger("generation"),
                row.getLong("seq"),
                row.getLong("size"),
                row.getUUID("author_id"),
                row.getOffsetDateTime("created_at"));
    }
}
