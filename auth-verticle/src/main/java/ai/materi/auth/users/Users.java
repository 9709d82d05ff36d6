package ai.materi.auth.users;

import ai.materi.auth.faults.Violations;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** The tables {@code auth.users} and {@code auth.credentials}. */
public final class Users {
    private static final String INSERT = """
            insert into auth.users (id, email, name) values ($1, $2, $3)
            returning id, email, name, created_at
            """;

    private static final String INSERT_CREDENTIALS =
            "insert into auth.credentials (user_id, password_hash) values ($1, $2)";

    private static final String BY_ID = "select id, email, name, created_at from auth.users where id = $1";

    private static final String BY_EMAIL =
            "select id, email, name, created_at from auth.users where lower(email) = lower($1)";

    private static final String CREDENTIALS = """
            select u.id, u.email, u.name, u.created_at, c.password_hash
            from auth.users u join auth.credentials c on c.user_id = u.id
            where lower(u.email) = lower($1)
            """;

    private final Database tenant;
    private final Database login;

    public Users(Database tenant, Database login) {
        this.tenant = tenant;
        this.login = login;
    }

    /** A user and what their password is compared with. */
    public record Credentials(User user, String passwordHash) {}

    /** Fails with {@code email_taken}. */
    public Future<User> insert(SqlConnection transaction, UUID id, String email, String name, String passwordHash) {
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(id, email, name))
                .map(rows -> User.of(rows.iterator().next()))
                .compose(user -> transaction
                        .preparedQuery(INSERT_CREDENTIALS)
                        .execute(Tuple.of(id, passwordHash))
                        .map(user))
                .recover(Violations::explain);
    }

    /** Anybody, for those who have no user yet or may be told who is registered. */
    public Future<Optional<User>> find(UserRef ref) {
        if (ref instanceof UserRef.ById named) {
            return login.client()
                    .preparedQuery(BY_ID)
                    .execute(Tuple.of(named.id()))
                    .map(Users::first);
        }
        return login.client()
                .preparedQuery(BY_EMAIL)
                .execute(Tuple.of(((UserRef.ByEmail) ref).email()))
                .map(Users::first);
    }

    /** Users about themselves. */
    public Future<Optional<User>> self(UUID userId) {
        return tenant.asUser(userId, BY_ID, Tuple.of(userId)).map(Users::first);
    }

    /** Without regard to case. */
    public Future<Optional<Credentials>> credentials(String email) {
        return login.client()
                .preparedQuery(CREDENTIALS)
                .execute(Tuple.of(email))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Credentials(User.of(row), row.getString("password_hash"))));
    }

    private static Optional<User> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(User::of);
    }
}
