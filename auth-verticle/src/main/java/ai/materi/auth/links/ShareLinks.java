package ai.materi.auth.links;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.Documents;
import ai.materi.auth.documents.Standing;
import ai.materi.auth.faults.Violations;
import ai.materi.auth.fields.Fields;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.pages.Page;
import ai.materi.auth.pages.PageRequest;
import ai.materi.auth.users.CursorColor;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** The table {@code auth.share_links}. Admins make and remove links; whoever holds one is a viewer of its document. */
public final class ShareLinks {
    /** One without an end is looked at again after this long, though its removal is heard of at once. */
    private static final Duration UNENDING = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final String LIST = """
            select id, document_id, label, created_at, expires_at from auth.share_links
            where document_id = $1 and id > $2 and (expires_at is null or expires_at > now())
            order by id limit $3
            """;

    private static final String LOCK = "select from auth.documents where document_id = $1 for no key update";

    private static final String FORGET_EXPIRED =
            "delete from auth.share_links where document_id = $1 and expires_at <= now()";

    private static final String ADD = """
            insert into auth.share_links (id, document_id, workspace_id, token_hash, label, created_by, expires_at)
            select $1, $2, $3, $4, $5, $6, $7
            where (select count(*) from auth.share_links where document_id = $2) < $8
            returning id, document_id, label, created_at, expires_at
            """;

    private static final String REMOVE = "delete from auth.share_links where document_id = $1 and id = $2";

    private static final String REDEEM = """
            select id, document_id, label, created_at, expires_at from auth.share_links
            where token_hash = $1 and document_id = $2 and (expires_at is null or expires_at > now())
            """;

    private final Database tenant;
    private final Database login;
    private final Announcements announcements;
    private final int perDocument;

    /** @param perDocument links that one document may have */
    public ShareLinks(Database tenant, Database login, Announcements announcements, int perDocument) {
        this.tenant = tenant;
        this.login = login;
        this.announcements = announcements;
        this.perDocument = perDocument;
    }

    /** A link with its secret, for its maker only. */
    public record Made(ShareLink link, String token) {}

    /** Whoever holds a link, as the others see them. */
    public record Guest(UUID linkId, String color, Instant expiresAt) {}

    /**
     * Fails with {@code conflict} when the document has as many as it may.
     *
     * @param label may be empty
     * @param expiresIn seconds; 0 for a link without an end
     */
    public Future<Made> make(UUID userId, UUID documentId, String label, long expiresIn) {
        String shown = label.isBlank() ? "" : Fields.name("label", label);
        Optional<Instant> end = end(expiresIn);
        String token = LinkToken.random();
        return tenant.asUser(
                userId,
                transaction -> Documents.require(transaction, userId, documentId, Action.MANAGE)
                        .compose(standing -> add(transaction, userId, documentId, standing, token, shown, end))
                        .map(link -> new Made(link, token)));
    }

    public Future<Page<ShareLink>> list(UUID userId, UUID documentId, PageRequest page) {
        return tenant.asUser(
                userId,
                transaction -> Documents.require(transaction, userId, documentId, Action.MANAGE)
                        .compose(standing -> transaction
                                .preparedQuery(LIST)
                                .execute(Tuple.of(documentId, page.after(), page.limit() + 1)))
                        .map(rows ->
                                Page.of(page, rows.stream().map(ShareLink::of).toList(), ShareLink::id)));
    }

    /** Whoever came by it is put out. */
    public Future<Void> remove(UUID userId, UUID documentId, UUID linkId) {
        return tenant.asUser(
                        userId,
                        transaction -> Documents.require(transaction, userId, documentId, Action.MANAGE)
                                .compose(standing -> transaction
                                        .preparedQuery(REMOVE)
                                        .execute(Tuple.of(documentId, linkId))
                                        .map(rows -> requireRemoved(rows.rowCount(), standing))))
                .compose(standing -> announcements.grantChanged(standing.workspaceId(), documentId, linkId));
    }

    /** Fails with {@code not_found}, whatever is wrong with it. */
    public Future<Guest> redeem(String token, UUID documentId) {
        return login.client()
                .preparedQuery(REDEEM)
                .execute(Tuple.of(LinkToken.hash(token), documentId))
                .map(rows -> rows.stream().findFirst().map(ShareLinks::guest).orElseThrow(Documents::noDocument));
    }

    private Future<ShareLink> add(
            SqlConnection transaction,
            UUID userId,
            UUID documentId,
            Standing standing,
            String token,
            String label,
            Optional<Instant> end) {
        Tuple row = Tuple.tuple()
                .addUUID(Generators.timeBasedEpochGenerator().generate())
                .addUUID(documentId)
                .addUUID(standing.workspaceId())
                .addBuffer(LinkToken.hash(token))
                .addString(label)
                .addUUID(userId)
                .addOffsetDateTime(end.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .addInteger(perDocument);
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(documentId))
                .compose(locked -> transaction.preparedQuery(FORGET_EXPIRED).execute(Tuple.of(documentId)))
                .compose(forgotten -> transaction.preparedQuery(ADD).execute(row))
                .recover(Violations::explain)
                .map(rows -> rows.stream().findFirst().map(ShareLink::of).orElseThrow(this::tooMany));
    }

    private static Optional<Instant> end(long seconds) {
        if (seconds == 0) {
            return Optional.empty();
        }
        if (seconds < SHORTEST.toSeconds() || seconds > LONGEST.toSeconds()) {
            throw Fields.invalid("expires_in", "A link is good for a minute to 365 days, or without an end.");
        }
        return Optional.of(Instant.now().plusSeconds(seconds));
    }

    private static Guest guest(Row row) {
        UUID id = row.getUUID("id");
        OffsetDateTime end = row.getOffsetDateTime("expires_at");
        return new Guest(id, CursorColor.of(id), end == null ? Instant.now().plus(UNENDING) : end.toInstant());
    }

    private Problem tooMany() {
        return Problem.of(ProblemCode.CONFLICT, "The document has " + perDocument + " links; remove one first.");
    }

    private static Standing requireRemoved(int rows, Standing standing) {
        if (rows == 0) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such link.");
        }
        return standing;
    }
}
