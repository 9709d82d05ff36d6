package ai.materi.auth.tokens;

import ai.materi.auth.workers.BoundedPool;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign access tokens. The first is made at the first start; after its lifetime a newer one signs and the old
 * one goes on verifying until nothing is left that it signed. A node meets a key that another node made when it sees the
 * first token signed with it.
 */
public final class SigningKeys {
    /** Tokens with made-up key ids must not make a node read the table over and over. */
    private static final Duration BETWEEN_RELOADS = Duration.ofSeconds(5);

    private static final int CLOCKS_APART_SECONDS = 120;

    private final Vertx vertx;
    private final KeyStore store;
    private final BoundedPool pool;
    private final TokenSettings settings;
    private volatile @Nullable Keyring ring;
    private volatile Instant lastReload = Instant.EPOCH;

    public SigningKeys(Vertx vertx, Database login, Seal seal, BoundedPool pool, TokenSettings settings) {
        this.vertx = vertx;
        this.store = new KeyStore(login, seal);
        this.pool = pool;
        this.settings = settings;
    }

    /** Loads the keys; makes one when there is none or the newest has lived long enough. Called at start and then hourly. */
    public Future<Void> ensureFresh() {
        return store.all()
                .compose(stored -> KeyStore.isFresh(stored, settings.signingKeyLifetime())
                        ? Future.succeededFuture(stored)
                        : pool.run(SigningKey::generate)
                                .compose(made -> store.addUnlessFresh(made, settings.signingKeyLifetime())))
                .map(this::use);
    }

    /** The public halves, as a JWK set (RFC 7517). */
    public String jwks() {
        return ring().jwks();
    }

    Keyring ring() {
        Keyring current = ring;
        if (current == null) {
            throw new IllegalStateException("The signing keys are not loaded yet.");
        }
        return current;
    }

    /** The keys, read again when the one that is asked for is not among them. */
    Future<Keyring> ringFor(String kid) {
        Instant now = Instant.now();
        if (ring().kids().contains(kid) || now.isBefore(lastReload.plus(BETWEEN_RELOADS))) {
            return Future.succeededFuture(ring());
        }
        lastReload = now;
        return store.all().map(this::use).map(used -> ring());
    }

    private @Nullable Void use(List<KeyStore.Stored> stored) {
        ring = Keyring.of(vertx, stored.stream().map(KeyStore.Stored::key).toList(), checks());
        return null;
    }

    /** The leeway is for {@code iat}: a node whose clock is ahead signs what others must take; none takes what has expired. */
    private JWTOptions checks() {
        return new JWTOptions()
                .setIssuer(settings.issuer())
                .addAudience(settings.audience())
                .setLeeway(CLOCKS_APART_SECONDS);
    }
}
