package ai.materi.platform.access;

import ai.materi.platform.call.Principal;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns tokens into principals for every door of this node: asks Shield once and remembers the answer, bounded, by the
 * token's hash until it expires or its session is revoked. While the news of revocations does not arrive, an answer is
 * good for {@value #BLIND_MILLIS} ms only, so that a revoked session ends within a second in any case.
 */
public final class Identity {
    /** How long an answer is trusted while this node cannot hear of revocations. */
    static final long BLIND_MILLIS = 300;

    private static final long MAX_TOKENS = 100_000;
    private static final long MAX_REVOKED = 1_000_000;

    /** Access tokens are good for ten minutes: a revocation need not be remembered much longer. */
    private static final Duration REVOKED_FOR = Duration.ofMinutes(20);

    /** Far beyond any token that Shield makes. */
    private static final int MAX_TOKEN = 8192;

    private record Verified(Principal principal, long epoch, long atNanos) {}

    private final Services services;
    private final AccessFeed feed;
    private final Cache<TokenHash, Verified> verified = Caffeine.newBuilder()
            .maximumSize(MAX_TOKENS)
            .expireAfterWrite(REVOKED_FOR)
            .build();
    private final Cache<UUID, Boolean> revoked = Caffeine.newBuilder()
            .maximumSize(MAX_REVOKED)
            .expireAfterWrite(REVOKED_FOR)
            .build();
    /** Answers of an earlier epoch are void: there may have been revocations that nobody told us. */
    private final AtomicLong epoch = new AtomicLong();

    private final Counter hits;
    private final Counter misses;

    private Identity(Services services, AccessFeed feed, MeterRegistry meters) {
        this.services = services;
        this.feed = feed;
        this.hits = verifications(meters, "remembered");
        this.misses = verifications(meters, "asked");
    }

    private static Counter verifications(MeterRegistry meters, String answer) {
        return Counter.builder("materi.identity.verifications")
                .description("Tokens answered from memory, and by Shield")
                .tag("answer", answer)
                .register(meters);
    }

    public static Identity create(Services services, AccessFeed feed, MeterRegistry meters) {
        Identity identity = new Identity(services, feed, meters);
        feed.onSessionRevoked(session -> identity.revoked.put(session, true));
        feed.onChange(identity::changed);
        return identity;
    }

    /** Fails with {@code invalid_token} or {@code session_ended}. */
    public Future<Principal> verify(String accessToken) {
        if (accessToken.isEmpty() || accessToken.length() > MAX_TOKEN) {
            return Future.failedFuture(invalid());
        }
        TokenHash hash = TokenHash.of(accessToken);
        Verified known = verified.getIfPresent(hash);
        if (known != null && isGood(known)) {
            hits.increment();
            return admit(known.principal());
        }
        misses.increment();
        return ask(accessToken, hash);
    }

    /** Fails with {@code invalid_token}; a ticket is bound to one document. */
    public Future<Principal> redeem(String ticket, UUID documentId) {
        if (ticket.isEmpty() || ticket.length() > MAX_TOKEN) {
            return Future.failedFuture(invalid());
        }
        RedeemTicketRequest request = RedeemTicketRequest.newBuilder()
                .setTicket(ticket)
                .setDocumentId(documentId.toString())
                .build();
        return services.auth().redeemTicket(request).map(Identity::principal).compose(this::admit);
    }

    private void changed(AccessFeed.Change change) {
        if (change.equals(AccessFeed.Change.EVERYTHING)) {
            epoch.incrementAndGet();
        }
    }

    private boolean isGood(Verified known) {
        if (known.epoch() != epoch.get()) {
            return false;
        }
        return feed.live() || System.nanoTime() - known.atNanos() < BLIND_MILLIS * 1_000_000;
    }

    private Future<Principal> ask(String accessToken, TokenHash hash) {
        long asked = System.nanoTime();
        long askedIn = epoch.get();
        ValidateTokenRequest request =
                ValidateTokenRequest.newBuilder().setToken(accessToken).build();
        return services.auth().validateToken(request).map(Identity::principal).compose(principal -> {
            // The time of asking counts: a revocation between question and answer is not in the answer.
            verified.put(hash, new Verified(principal, askedIn, asked));
            return admit(principal);
        });
    }

    /** Fails with {@code session_ended}. For somebody whom another node has verified, whose ticket may have run out meanwhile. */
    public Future<Principal> unlessRevoked(Principal principal) {
        return revoked.getIfPresent(principal.sessionId()) == null
                ? Future.succeededFuture(principal)
                : Future.failedFuture(Problem.of(ProblemCode.SESSION_ENDED, "The session of this token has ended."));
    }

    private Future<Principal> admit(Principal principal) {
        return unlessRevoked(principal)
                .compose(known -> known.expiresAt().isAfter(Instant.now())
                        ? Future.succeededFuture(known)
                        : Future.failedFuture(invalid()));
    }

    private static Problem invalid() {
        return Problem.of(ProblemCode.INVALID_TOKEN, "The token is not valid, or no longer.");
    }

    private static Principal principal(ai.materi.proto.auth.v1.@Nullable Principal answer) {
        if (answer == null) {
            throw Problem.of(ProblemCode.UNAVAILABLE, "Nobody could say whose token this is.");
        }
        return new Principal(
                UUID.fromString(answer.getUserId()),
                UUID.fromString(answer.getSessionId()),
                answer.getName(),
                answer.getEmail(),
                answer.getColor(),
                Instant.ofEpochMilli(answer.getExpiresAtMs()),
                answer.getAgent());
    }
}
