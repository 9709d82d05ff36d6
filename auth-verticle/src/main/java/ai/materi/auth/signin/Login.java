package ai.materi.auth.signin;

import ai.materi.auth.sessions.OpenSession;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.users.Passwords;
import ai.materi.auth.users.User;
import ai.materi.auth.users.Users;
import ai.materi.auth.users.Users.Credentials;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Exchanges an address and a password for a session. Whoever has the wrong address and whoever has the wrong password get
 * the same answer after the same work: one query and one hash.
 */
public final class Login {
    private final Users users;
    private final Passwords passwords;
    private final Sessions sessions;

    public Login(Users users, Passwords passwords, Sessions sessions) {
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
    }

    /** Fails with {@code invalid_credentials} or {@code overloaded}. */
    public Future<OpenSession> login(String email, String password) {
        return users.credentials(email)
                .compose(found -> authenticate(found, password))
                .compose(sessions::open);
    }

    private Future<User> authenticate(Optional<Credentials> found, String password) {
        return passwords
                .matches(password, found.map(Credentials::passwordHash))
                .map(matches -> found.filter(credentials -> matches)
                        .map(Credentials::user)
                        .orElseThrow(Login::refused));
    }

    private static Problem refused() {
        return Problem.of(ProblemCode.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }
}
