package ai.materi.collab.log;

import ai.materi.collab.document.DocumentName;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The SQL of the log, as the role {@code materi_collab_log}. */
public final class LogTables {
    /** Decoded in one go, a few milliseconds of an event loop. */
    private static final int ROWS_A_PORTION = 2_000;

    /** Flushes that may be under way at once. */
    static final int LANES = 4;

    private static final int MOST_CLAIMS = 100_000;
    private static final String APPEND = "select * from collab.append_updates($1, $2, $3, $4)";
    private static final String APPEND_IF = "select * from collab.append_if($1, $2, $3, $4, $5)";
    private static final String ENSURE =
            "insert into collab.documents (id, workspace_id) values ($1, $2) on conflict (id) do nothing";
    private static final String ENSURE_SUB_DOCUMENT = "select collab.ensure_sub_document($1, $2, $3, $4, $5)";
    private static final String HEADS = "select id, head_seq from collab.documents where id = any ($1)";
    private static final String CLAIMS = """
            select client_id, user_id from collab.client_claims
            where document_id = $1 order by claimed_at desc limit $2""";
    private static final String CLAIM = """
            insert into collab.client_claims (document_id, client_id, user_id)
            select c.* from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as c (document_id, client_id, user_id)
                join collab.documents d on d.id = c.document_id
            on conflict do nothing""";
    private static final String AFTER = """
            select d.workspace_id, d.generation, d.head_seq, d.snapshot_seq, d.canonical_bytes,
                case when d.snapshot_seq > $2 then d.snapshot end as snapshot,
                u.seqs, u.bytes, u.authors, u.vias, u.times
            from collab.documents d cross join lateral (
                select array_agg(t.seq order by t.seq) as seqs, array_agg(t.bytes order by t.seq) as bytes,
                    array_agg(t.author_id order by t.seq) as authors, array_agg(t.via_id order by t.seq) as vias,
                    array_agg(t.committed_at order by t.seq) as times
                from (
                    select r.seq, r.bytes, r.author_id, r.via_id, r.committed_at
                    from collab.updates r
                    where r.document_id = d.id and r.seq > greatest($2, d.snapshot_seq)
                    order by r.seq limit $3
                ) t
            ) u
            where d.id = $1""";
    private static final String FOLDED = """
            select client_id, from_clock, to_clock, deleted, author_id, via_id, committed_at
            from collab.attribution where document_id = $1 and (not deleted or $2) limit $3""";
    private static final String BEHIND = """
            select u.seq, u.bytes, u.author_id, u.via_id, u.committed_at
            from collab.documents d join collab.updates u on u.document_id = d.id and u.seq > d.snapshot_seq
            where d.id = $1 order by u.seq limit $2""";
    private static final String COMPACTED = """
            update collab.documents
            set snapshot = $3, snapshot_seq = $4, canonical_bytes = $5,
                tail_rows = tail_rows - $6, tail_bytes = tail_bytes - $7
            where id = $1 and snapshot_seq = $2 and generation = $8 and sessions_seq >= $4""";
    private static final String FORGET = "delete from collab.updates where document_id = $1 and seq > $2 and seq <= $3";
    private static final String ATTRIBUTE = """
            insert into collab.attribution
                (document_id, client_id, from_clock, to_clock, deleted, author_id, via_id, committed_at)
            select $1, * from unnest(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::uuid[], $7::uuid[], $8::timestamptz[])""";

    private final Database database;
    /** A connection for each flush that may be under way. */
    private final List<SqlClient> lanes;

    public LogTables(Database database) {
        this.database = database;
        this.lanes =
                IntStream.range(0, LANES).mapToObj(number -> database.alone()).toList();
    }

    /** What a flush did to one document. */
    record Appended(long lastSeq, long count, long tailRows, long tailBytes) {
        long firstSeq() {
            return lastSeq - count + 1;
        }
    }

    /** What compaction puts in the place of rows. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Compacted(UUID documentId, LogSlice from, byte[] snapshot, long upToSeq, long canonicalBytes, long bytes) {}

    /**
     * One transaction for all of them; documents that do not exist are missing in the answer.
     *
     * @param lane behind what else was appended in it
     */
    Future<Map<UUID, Appended>> append(int lane, List<LogEntry> entries) {
        int size = entries.size();
        UUID[] documents = new UUID[size];
        Buffer[] updates = new Buffer[size];
        UUID[] authors = new UUID[size];
        @Nullable UUID[] vias = new UUID[size];
        for (int i = 0; i < size; i++) {
            LogEntry entry = entries.get(i);
            documents[i] = entry.documentId();
            updates[i] = Buffer.buffer(entry.update());
            authors[i] = entry.author();
            vias[i] = entry.via();
        }
        return lanes.get(lane)
                .preparedQuery(APPEND)
                .execute(Tuple.of(documents, updates, authors, vias))
                .map(LogTables::appended);
    }

    /** Appends one update only if the log still ends at {@code expectedSeq}; empty when it does not. */
    Future<Optional<Appended>> appendIf(
            UUID documentId, long expectedSeq, byte[] update, UUID author, @Nullable UUID via) {
        return database.writer()
                .preparedQuery(APPEND_IF)
                .execute(Tuple.of(documentId, expectedSeq, Buffer.buffer(update), author, via))
                .map(rows -> Optional.ofNullable(appended(rows).get(documentId)));
    }

    /** Makes sure that the document has a row. */
    public Future<Void> ensure(UUID documentId, UUID workspaceId) {
        return database.client()
                .preparedQuery(ENSURE)
                .execute(Tuple.of(documentId, workspaceId))
                .mapEmpty();
    }

    /** The same of a sub-document and the document it is in; false when that has {@code most} of them. */
    public Future<Boolean> ensure(DocumentName subDocument, UUID workspaceId, int most) {
        return database.client()
                .preparedQuery(ENSURE_SUB_DOCUMENT)
                .execute(Tuple.of(subDocument.id(), subDocument.root(), subDocument.guid(), workspaceId, (long) most))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** At most {@code limit} rows after {@code afterSeq}, with the snapshot when that reaches further; -1 for everything. */
    public Future<Optional<LogSlice>> after(UUID documentId, long afterSeq, int limit) {
        return database.client()
                .preparedQuery(AFTER)
                .execute(Tuple.of(documentId, afterSeq, limit))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(slice(rows.iterator().next())));
    }

    /**
     * What is written down of who wrote a document, seen at one moment: folded ranges and the rows of the log behind them,
     * at most {@code limit} of each.
     *
     * @param deletions whether with who deleted what
     */
    public Future<Recorded> recorded(UUID documentId, boolean deletions, int limit) {
        return database.transaction(connection -> connection
                .query("set transaction isolation level repeatable read")
                .execute()
                .compose(done -> read(connection, FOLDED, Tuple.of(documentId, deletions, limit), LogTables::range))
                .compose(folded -> read(connection, BEHIND, Tuple.of(documentId, limit), LogTables::row)
                        .map(rows -> new Recorded(folded, rows))));
    }

    /** A portion at a time, so that a long answer does not hold the event loop that decodes it. */
    private static <T> Future<List<T>> read(
            SqlConnection connection, String sql, Tuple values, Function<Row, T> element) {
        return connection.prepare(sql).compose(statement -> {
            Cursor cursor = statement.cursor(values);
            return readOn(cursor, element, new ArrayList<>())
                    .eventually(cursor::close)
                    .eventually(statement::close);
        });
    }

    private static <T> Future<List<T>> readOn(Cursor cursor, Function<Row, T> element, List<T> all) {
        return cursor.read(ROWS_A_PORTION).compose(rows -> {
            rows.forEach(row -> all.add(element.apply(row)));
            return cursor.hasMore() ? readOn(cursor, element, all) : Future.succeededFuture(all);
        });
    }

    public Future<Map<UUID, Long>> heads(List<UUID> documents) {
        return database.client()
                .preparedQuery(HEADS)
                .execute(Tuple.of(documents.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, Long> heads = new HashMap<>();
                    rows.forEach(row -> heads.put(row.getUUID(0), row.getLong(1)));
                    return heads;
                });
    }

    /** Users by the client id that is theirs: the newest 100,000 claims. */
    public Future<Map<Long, UUID>> claims(UUID documentId) {
        return database.client()
                .preparedQuery(CLAIMS)
                .execute(Tuple.of(documentId, ROWS_A_PORTION))
                .compose(rows -> rows.size() < ROWS_A_PORTION
                        ? Future.succeededFuture(byClient(rows))
                        : database.transaction(
                                connection -> read(connection, CLAIMS, Tuple.of(documentId, MOST_CLAIMS), row -> row)
                                        .map(LogTables::byClient)));
    }

    private static Map<Long, UUID> byClient(Iterable<Row> rows) {
        Map<Long, UUID> claims = new HashMap<>();
        rows.forEach(row -> claims.put(row.getLong(0), row.getUUID(1)));
        return claims;
    }

    /** The first claim of a client id stays; one in a document that has no row is passed over. */
    Future<Void> claim(List<Claim> claims) {
        return database.client()
                .preparedQuery(CLAIM)
                .execute(Tuple.of(
                        claims.stream().map(Claim::documentId).toArray(UUID[]::new),
                        claims.stream().map(Claim::clientId).toArray(Long[]::new),
                        claims.stream().map(Claim::userId).toArray(UUID[]::new)))
                .mapEmpty();
    }

    /**
     * Compare-and-set: false, and nothing changed, when the stored snapshot is no longer the one this was made from, or not
     * all of it is counted into sessions.
     */
    Future<Boolean> compact(Compacted compacted, List<Attributed> attributed) {
        return database.<Boolean>transaction(connection -> attribute(connection, compacted.documentId(), attributed)
                        .compose(done -> forget(connection, compacted))
                        .compose(removed -> store(connection, compacted))
                        .compose(stored -> stored
                                ? Future.succeededFuture(true)
                                : Future.failedFuture(new SnapshotChangedException())))
                .recover(failure -> failure instanceof SnapshotChangedException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
    }

    private static Future<Void> attribute(SqlConnection connection, UUID document, List<Attributed> ranges) {
        if (ranges.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(ATTRIBUTE)
                .execute(Tuple.of(
                                document,
                                ranges.stream().map(Attributed::clientId).toArray(Long[]::new),
                                ranges.stream().map(Attributed::fromClock).toArray(Long[]::new),
                                ranges.stream().map(Attributed::toClock).toArray(Long[]::new),
                                ranges.stream().map(Attributed::deleted).toArray(Boolean[]::new),
                                ranges.stream().map(Attributed::author).toArray(UUID[]::new))
                        .addArrayOfUUID(ranges.stream().map(Attributed::via).toArray(UUID[]::new))
                        .addArrayOfOffsetDateTime(
                                ranges.stream().map(Attributed::committedAt).toArray(OffsetDateTime[]::new)))
                .mapEmpty();
    }

    private static Future<Void> forget(SqlConnection connection, Compacted compacted) {
        return connection
                .preparedQuery(FORGET)
                .execute(Tuple.of(compacted.documentId(), compacted.from().snapshotSeq(), compacted.upToSeq()))
                .mapEmpty();
    }

    private static Future<Boolean> store(SqlConnection connection, Compacted compacted) {
        LogSlice from = compacted.from();
        return connection
                .preparedQuery(COMPACTED)
                .execute(Tuple.from(List.of(
                        compacted.documentId(),
                        from.snapshotSeq(),
                        Buffer.buffer(compacted.snapshot()),
                        compacted.upToSeq(),
                        compacted.canonicalBytes(),
                        (long) from.rows().size(),
                        compacted.bytes(),
                        from.generation())))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Map<UUID, Appended> appended(RowSet<Row> rows) {
        Map<UUID, Appended> appended = new HashMap<>();
        rows.forEach(row -> appended.put(
                row.getUUID(0), new Appended(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))));
        return appended;
    }

    private static LogSlice slice(Row row) {
        Buffer snapshot = row.getBuffer("snapshot");
        return new LogSlice(
                row.getUUID("workspace_id"),
                row.getInteger("generation"),
                row.getLong("head_seq"),
                row.getLong("snapshot_seq"),
                row.getLong("canonical_bytes"),
                snapshot == null ? null : snapshot.getBytes(),
                rows(row));
    }

    private static Attributed range(Row row) {
        return new Attributed(
                row.getLong(0),
                row.getLong(1),
                row.getLong(2),
                row.getBoolean(3),
                row.getUUID(4),
                row.getUUID(5),
                row.getOffsetDateTime(6));
    }

    private static LogRow row(Row row) {
        return new LogRow(
                row.getLong(0), row.getBuffer(1).getBytes(), row.getUUID(2), row.getUUID(3), row.getOffsetDateTime(4));
    }

    private static List<LogRow> rows(Row row) {
        Long[] seqs = row.getArrayOfLongs("seqs");
        if (seqs == null) {
            return List.of();
        }
        Buffer[] bytes = row.getArrayOfBuffers("bytes");
        UUID[] authors = row.getArrayOfUUIDs("authors");
        @Nullable UUID[] vias = row.getArrayOfUUIDs("vias");
        OffsetDateTime[] times = row.getArrayOfOffsetDateTimes("times");
        List<LogRow> rows = new ArrayList<>(seqs.length);
        for (int i = 0; i < seqs.length; i++) {
            rows.add(new LogRow(seqs[i], bytes[i].getBytes(), authors[i], vias[i], times[i]));
        }
        return rows;
    }
}
