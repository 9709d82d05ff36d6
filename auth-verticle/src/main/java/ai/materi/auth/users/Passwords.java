package ai.materi.auth.users;

import ai.materi.auth.workers.BoundedPool;
import io.vertx.core.Future;
import java.util.Optional;

/** Passwords hashed, compared and judged, off the event loop and bounded. */
public final class Passwords {
    private final BoundedPool pool;
    private final Argon2id argon2id = new Argon2id();
    private final Guessability guessability;

    /** Takes the score of zxcvbn, 0 to 4, that a new password needs. */
    public Passwords(BoundedPool pool, int minScore) {
        this.pool = pool;
        this.guessability = new Guessability(minScore);
    }

    /** Judges and hashes a new password. Fails with {@code weak_password} or {@code overloaded}. */
    public Future<String> accept(String password, String email, String name) {
        return pool.run(() -> {
            guessability.requireHard(password, email, name);
            return argon2id.hash(password);
        });
    }

    /** Hashes a password that nobody chose, without judging it. */
    public Future<String> hash(String password) {
        return pool.run(() -> argon2id.hash(password));
    }

    /** Takes as long for a user who does not exist. Fails with {@code overloaded}. */
    public Future<Boolean> matches(String password, Optional<String> passwordHash) {
        return pool.run(() -> argon2id.matches(password, passwordHash.orElse(Argon2id.NOBODY)));
    }
}
