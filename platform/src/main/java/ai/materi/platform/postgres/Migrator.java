package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.util.PasswordUtil;

/**
 * Creates the login roles of a schema and runs its migrations, over JDBC and blocking. One node at a time: the others wait
 * for an advisory lock and then find nothing left to do.
 */
final class Migrator {
    /** "materi" in ASCII; no other program is likely to lock the same number. */
    private static final long LOCK = 0x6d6174657269L;

    private static final int SCRAM_ITERATIONS = 4096;

    private final Owner owner;
    private final Duration timeout;

    Migrator(Owner owner, Duration timeout) {
        this.owner = owner;
        this.timeout = timeout;
    }

    void run(Postgres.Schema schema, String fingerprint) {
        try (Connection connection = DriverManager.getConnection(owner.jdbcUrl(), owner.jdbcProperties())) {
            lock(connection);
            for (String role : schema.roles()) {
                ensure(connection, role);
            }
            flyway(schema.name()).migrate();
            remember(connection, schema.name(), fingerprint);
        } catch (SQLException | FlywayException e) {
            throw new ConfigException(
                    "the schema " + schema.name() + " at " + owner.place() + " could not be migrated: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Held until the connection closes. */
    private void lock(Connection connection) throws SQLException {
        call(connection, "SELECT set_config('lock_timeout', ?, false)", Long.toString(timeout.toMillis()));
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
    }

    /** The role exists, may log in with its derived password and connect; all it may beyond that is for migrations. */
    private void ensure(Connection connection, String role) throws SQLException {
        String password =
                PasswordUtil.encodeScramSha256(owner.passwordOf(role).toCharArray(), SCRAM_ITERATIONS, salt());
        boolean exists = !call(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)
                .isEmpty();
        String change = exists ? "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', ?, ?)" : """
                  SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                                 PASSWORD %L', ?, ?)
                  """;
        execute(connection, call(connection, change, role, password));
        execute(
                connection,
                call(connection, "SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), ?)", role));
    }

    private static byte[] salt() {
        byte[] salt = new byte[16];
        new java.security.SecureRandom().nextBytes(salt);
        return salt;
    }

    private Flyway flyway(String schema) {
        return Flyway.configure()
                .dataSource(owner.jdbcUrl(), null, null)
                .jdbcProperties(jdbcProperties())
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .locations("classpath:" + Migrations.folder(schema))
                .failOnMissingLocations(true)
                .load();
    }

    private java.util.Map<String, String> jdbcProperties() {
        java.util.Map<String, String> properties = new java.util.HashMap<>();
        owner.jdbcProperties().forEach((name, value) -> properties.put(name.toString(), value.toString()));
        return properties;
    }

    private static void remember(Connection connection, String schema, String fingerprint) throws SQLException {
        execute(
                connection,
                call(
                        connection,
                        "SELECT format('COMMENT ON TABLE %I.flyway_schema_history IS %L', ?, ?)",
                        schema,
                        fingerprint));
    }

    /** The first column of the first row; empty when there is none. */
    private static String call(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
