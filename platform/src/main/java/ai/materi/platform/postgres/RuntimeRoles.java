package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.util.PasswordUtil;

/**
 * The login roles of a schema. Roles belong to the whole server, not to a database: each bears the name of the database it
 * was made for as its comment, so that a second Materi with another owner is refused instead of changing the passwords of
 * the first, which would then do the same at its next start.
 */
final class RuntimeRoles {
    private static final int SCRAM_ITERATIONS = 4096;
    private static final String INVALID_AUTHORIZATION = "28";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DUPLICATE_OBJECT = "42710";
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String CREATE = """
            SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                           PASSWORD %L', ?, ?)
            """;

    private static final String ALTER = "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', ?, ?)";

    /** The database that a role bears in its comment, when that is another one and still there. */
    private static final String OTHER_DATABASE = """
            SELECT d.datname
              FROM pg_roles r
              JOIN pg_database d ON shobj_description(r.oid, 'pg_authid') = 'materi database ' || d.datname
             WHERE r.rolname = ? AND d.datname <> current_database()
            """;

    private final Owner owner;
    private final Connection connection;

    RuntimeRoles(Owner owner, Connection connection) {
        this.owner = owner;
        this.connection = connection;
    }

    /**
     * The role exists, may log in with its derived password and connect; all it may beyond that is for migrations. Throws
     * {@link ConfigException} when it belongs to another Materi.
     */
    void ensure(String role) throws SQLException {
        boolean exists = !Sql.call(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)
                        .isEmpty()
                || !create(role);
        execute("SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), ?)", role);
        if (exists) {
            claim(role);
        }
    }

    /** False when it was created meanwhile by somebody in another database, whom this one's lock does not keep away. */
    private boolean create(String role) throws SQLException {
        try {
            change(CREATE, role);
            return true;
        } catch (SQLException e) {
            if (DUPLICATE_OBJECT.equals(e.getSQLState()) || UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** A role that works is left as it is; its comment is renewed when the database that it names is gone. */
    private void claim(String role) throws SQLException {
        String other = Sql.call(connection, OTHER_DATABASE, role);
        boolean works = logsIn(role);
        if (!works && !other.isEmpty()) {
            throw new ConfigException("DATABASE_URL: the role " + role + " belongs to the Materi in the database "
                    + other + " of the same server, and one server holds one Materi: name another server");
        }
        if (!works) {
            takeOver(role);
        } else if (other.isEmpty()) {
            sign(role);
        }
    }

    private boolean logsIn(String role) throws SQLException {
        Properties properties = owner.jdbcProperties();
        properties.setProperty("user", role);
        properties.setProperty("password", owner.passwordOf(role));
        try {
            DriverManager.getConnection(owner.jdbcUrl(), properties).close();
            return true;
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(INVALID_AUTHORIZATION)) {
                return false;
            }
            throw e;
        }
    }

    private void takeOver(String role) throws SQLException {
        try {
            change(ALTER, role);
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            throw new ConfigException(
                    "DATABASE_URL: " + owner.place() + " has a role " + role
                            + " that another owner made; drop that role, or name another server",
                    e);
        }
    }

    private void change(String statement, String role) throws SQLException {
        String password =
                PasswordUtil.encodeScramSha256(owner.passwordOf(role).toCharArray(), SCRAM_ITERATIONS, salt());
        execute(statement, role, password);
        sign(role);
    }

    private void sign(String role) throws SQLException {
        execute("SELECT format('COMMENT ON ROLE %I IS %L', ?, 'materi database ' || current_database())", role);
    }

    private void execute(String formatted, String... parameters) throws SQLException {
        Sql.execute(connection, Sql.call(connection, formatted, parameters));
    }

    private static byte[] salt() {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return salt;
    }
}
