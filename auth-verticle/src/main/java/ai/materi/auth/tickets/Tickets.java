package ai.materi.auth.tickets;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.Documents;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.users.User;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.redis.RedisGate;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tickets for those who can send no header: a socket from a browser, an event stream. 256 random bits, kept in Redis as
 * {@code materi:ticket:<SHA-256>} until they expire; good for one document, any number of times (a socket reconnects), and
 * only while their session is alive.
 */
public final class Tickets {
    private static final String KEY = "materi:ticket:";
    private static final int BYTES = 32;
    private static final Pattern SYNTAX = Pattern.compile("mtk_[A-Za-z0-9_-]{43}");

    private final RedisGate redis;
    private final Documents documents;
    private final Sessions sessions;
    private final Duration ttl;
    private final SecureRandom random = new SecureRandom();

    public Tickets(RedisGate redis, Documents documents, Sessions sessions, Duration ttl) {
        this.redis = redis;
        this.documents = documents;
        this.sessions = sessions;
        this.ttl = ttl;
    }

    /** A ticket in clear, for its owner only. */
    public record Ticket(String ticket, Duration ttl) {}

    /** Who redeemed a ticket, and until when it is good. */
    public record Holder(User user, UUID sessionId, Instant expiresAt) {}

    /** Fails with {@code not_found} when the document does not exist for the user. */
    public Future<Ticket> issue(UUID userId, UUID sessionId, UUID documentId) {
        return documents
                .require(userId, documentId, Action.READ)
                .compose(standing -> keep(
                        new Kept(userId, sessionId, documentId, Instant.now().plus(ttl))));
    }

    /** Fails with {@code invalid_token}. */
    public Future<Holder> redeem(String ticket, UUID documentId) {
        if (!SYNTAX.matcher(ticket).matches()) {
            return Future.failedFuture(refused());
        }
        return redis.send(Request.cmd(Command.GET).arg(key(ticket)))
                .map(value -> requireKept(value, documentId))
                .compose(this::holder);
    }

    /** What Redis keeps of a ticket. */
    private record Kept(UUID userId, UUID sessionId, UUID documentId, Instant expiresAt) {
        String text() {
            return String.join(
                    " ",
                    userId.toString(),
                    sessionId.toString(),
                    documentId.toString(),
                    Long.toString(expiresAt.toEpochMilli()));
        }

        static Kept of(String text) {
            String[] parts = text.split(" ", 4);
            return new Kept(
                    UUID.fromString(parts[0]),
                    UUID.fromString(parts[1]),
                    UUID.fromString(parts[2]),
                    Instant.ofEpochMilli(Long.parseLong(parts[3])));
        }
    }

    private Future<Ticket> keep(Kept kept) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String ticket = "mtk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Request set = Request.cmd(Command.SET)
                .arg(key(ticket))
                .arg(kept.text())
                .arg("PX")
                .arg(ttl.toMillis());
        return redis.send(set).map(new Ticket(ticket, ttl));
    }

    private static Kept requireKept(@Nullable Response value, UUID documentId) {
        if (value == null) {
            throw refused();
        }
        Kept kept = Kept.of(value.toString());
        if (!kept.documentId().equals(documentId)) {
            throw refused();
        }
        return kept;
    }

    private Future<Holder> holder(Kept kept) {
        return sessions.owner(kept.sessionId(), kept.userId())
                .map(user -> new Holder(user, kept.sessionId(), kept.expiresAt()))
                .recover(Tickets::withoutSession);
    }

    /** A ticket is refused in one way, whatever is wrong with it; what is wrong with this node is said as it is. */
    private static Future<Holder> withoutSession(Throwable failure) {
        boolean ended = failure instanceof Problem problem && problem.code() == ProblemCode.SESSION_ENDED;
        return Future.failedFuture(ended ? refused() : failure);
    }

    private static String key(String ticket) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.US_ASCII));
            return KEY + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no SHA-256.", impossible);
        }
    }

    private static Problem refused() {
        return Problem.of(ProblemCode.INVALID_TOKEN, "The ticket is not valid for this document or has expired.");
    }
}
