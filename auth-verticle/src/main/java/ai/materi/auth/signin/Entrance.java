package ai.materi.auth.signin;

import ai.materi.auth.sessions.OpenSession;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.tokens.AccessTokens;
import ai.materi.auth.tokens.Claims;
import ai.materi.auth.users.User;
import ai.materi.platform.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;

/** The ways in, each of which ends with an access token and a refresh token; and the check of who comes with one. */
public final class Entrance {
    private static final String LOGINS = "materi.auth.logins";
    private static final String VALIDATIONS = "materi.auth.token_validations";

    private final Registration registration;
    private final Login login;
    private final Sessions sessions;
    private final AccessTokens tokens;
    private final MeterRegistry meters;

    public Entrance(
            Registration registration, Login login, Sessions sessions, AccessTokens tokens, MeterRegistry meters) {
        this.registration = registration;
        this.login = login;
        this.sessions = sessions;
        this.tokens = tokens;
        this.meters = meters;
    }

    /** Somebody whose token was verified and whose session is alive. */
    public record Verified(User user, Claims claims) {}

    public Future<IssuedSession> register(Registration.Newcomer newcomer) {
        return registration.register(newcomer).compose(this::issue);
    }

    public Future<IssuedSession> login(String email, String password) {
        return login.login(email, password).compose(this::issue).onComplete(done -> count(LOGINS, done));
    }

    public Future<IssuedSession> refresh(String refreshToken) {
        return sessions.refresh(refreshToken).compose(this::issue);
    }

    /** Fails with {@code invalid_token} or {@code session_ended}. */
    public Future<Verified> verify(String accessToken) {
        return tokens.verify(accessToken)
                .compose(claims ->
                        sessions.owner(claims.sessionId(), claims.userId()).map(user -> new Verified(user, claims)))
                .onComplete(done -> count(VALIDATIONS, done));
    }

    private Future<IssuedSession> issue(OpenSession session) {
        return tokens.issue(session.user(), session.id())
                .map(token -> new IssuedSession(
                        token, tokens.ttl(), session.refreshToken(), sessions.refreshTtl(), session.user()));
    }

    /** By the code of the problem, of which there are few. */
    private void count(String counter, AsyncResult<?> done) {
        Counter.builder(counter)
                .description(counter.equals(LOGINS) ? "Logins, by outcome" : "Tokens that Shield checked, by outcome")
                .tag("outcome", done.succeeded() ? "succeeded" : failure(done.cause()))
                .register(meters)
                .increment();
    }

    private static String failure(Throwable cause) {
        return cause instanceof Problem problem ? problem.code().code() : "failed";
    }
}
