package ai.materi.collab.version;

import ai.materi.collab.page.PagePosition;
import ai.materi.collab.room.CommittedState;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
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

    private static final String CLAIM_UNVERSIONED = """
            update collab.documents set unversioned_since = now()
            where id in (
                select d.id from collab.documents d
                where d.unversioned_since < now() - $3::interval
                    and (d.changed_at < now() - $1::interval or d.unversioned_since < now() - $2::interval)
                order by d.unversioned_since limit $4 for update skip locked)
            returning id""";
    private static final String VERSIONED = """
            update collab.documents set unversioned_since = case when head_seq > $2 then unversioned_since end
            where id = $1""";
    private static final String THIN = "select collab.thin_versions($1, $2, $3, $4, $5)";

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
    public Future<List<KeptVersion>> list(UUID documentId, PagePosition after, int limit) {
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

    /** At most {@code most} documents that are due, which nobody else claims while the lease runs. */
    Future<List<UUID>> claimUnversioned(AutomaticSettings settings, int most) {
        return database.writer()
                .preparedQuery(CLAIM_UNVERSIONED)
                .execute(Tuple.of(
                        interval(settings.pause()), interval(settings.every()), interval(settings.lease()), most))
                .map(rows -> rows.stream().map(row -> row.getUUID(0)).toList());
    }

    /** Everything up to a number of the log is in a version, or has no room in one. */
    Future<Void> versioned(UUID documentId, long seq) {
        return database.writer()
                .preparedQuery(VERSIONED)
                .execute(Tuple.of(documentId, seq))
                .mapEmpty();
    }

    /** Thins the versions of the next documents; the last of them, empty when there are no more. */
    Future<Optional<UUID>> thin(AutomaticSettings settings, UUID after, int documents) {
        return database.writer()
                .preparedQuery(THIN)
                .execute(Tuple.of(
                        after,
                        documents,
                        interval(settings.keepAll()),
                        interval(settings.keepHourly()),
                        interval(settings.keepDaily())))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getUUID(0)));
    }

    private static Interval interval(Duration duration) {
        return Interval.of(duration);
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
