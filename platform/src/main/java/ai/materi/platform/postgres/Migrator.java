package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Creates the login roles of a schema and runs its migrations, over JDBC and blocking. One node at a time: the others wait
 * for an advisory lock and then find nothing left to do.
 */
final class Migrator {
    /** "materi" in ASCII; no other program is likely to lock the same number. */
    private static final long LOCK = 0x6d6174657269L;

    private final Owner owner;
    private final Duration timeout;

    Migrator(Owner owner, Duration timeout) {
        this.owner = owner;
        this.timeout = timeout;
    }

    void run(Postgres.Schema schema, String fingerprint) {
        try (Connection connection = DriverManager.getConnection(owner.jdbcUrl(), owner.jdbcProperties())) {
            lock(connection);
            RuntimeRoles roles = new RuntimeRoles(owner, connection);
            for (String role : schema.roles()) {
                roles.ensure(role);
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
        Sql.call(connection, "SELECT set_config('lock_timeout', ?, false)", Long.toString(timeout.toMillis()));
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
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
        Sql.execute(
                connection,
                Sql.call(
                        connection,
                        "SELECT format('COMMENT ON TABLE %I.flyway_schema_history IS %L', ?, ?)",
                        schema,
                        fingerprint));
    }
}
