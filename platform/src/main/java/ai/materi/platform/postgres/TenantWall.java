package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Refuses what could climb over the tenant wall: powerful runtime roles, and row security that spares the owner. */
final class TenantWall {
    /** A role holds what the roles hold that it is a member of; it is a member of itself. */
    private static final String POWERFUL_ROLES = """
            SELECT r.rolname AS role, string_agg(DISTINCT reason, ', ') AS reason
              FROM pg_roles r
              JOIN pg_roles held ON pg_has_role(r.oid, held.oid, 'MEMBER')
             CROSS JOIN LATERAL (
                   SELECT 'is superuser' WHERE held.rolsuper
                    UNION ALL SELECT 'has BYPASSRLS' WHERE held.rolbypassrls
                    UNION ALL SELECT 'owns the schema' WHERE EXISTS (
                          SELECT FROM pg_namespace n WHERE n.nspname = $2 AND n.nspowner = held.oid)
                    UNION ALL SELECT 'owns a table' WHERE EXISTS (
                          SELECT FROM pg_class c
                            JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE c.relowner = held.oid AND c.relkind IN ('r', 'p') AND n.nspname = $2)
                   ) AS reasons (reason)
             WHERE r.rolname = ANY ($1)
             GROUP BY r.rolname
            """;

    private static final String SPARED_OWNERS = """
            SELECT c.relname AS name
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relrowsecurity AND NOT c.relforcerowsecurity
            """;

    private TenantWall() {}

    /** Fails with {@link ConfigException} naming every role and table that must change. */
    static Future<Void> check(SqlClient client, Postgres.Schema schema) {
        Future<RowSet<Row>> roles = client.preparedQuery(POWERFUL_ROLES)
                .execute(Tuple.of(schema.roles().toArray(String[]::new), schema.name()));
        Future<RowSet<Row>> tables = client.preparedQuery(SPARED_OWNERS).execute(Tuple.of(schema.name()));
        return Future.all(roles, tables).compose(done -> refusal(roles.result(), tables.result(), schema));
    }

    private static Future<Void> refusal(RowSet<Row> roles, RowSet<Row> tables, Postgres.Schema schema) {
        List<String> reasons = new ArrayList<>();
        roles.forEach(row -> reasons.add("the role " + row.getString("role") + " " + row.getString("reason")));
        tables.forEach(row -> reasons.add(
                "the table " + schema.name() + "." + row.getString("name") + " lacks FORCE ROW LEVEL SECURITY"));
        return reasons.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new ConfigException("DATABASE_URL: the tenant wall has a hole: "
                        + String.join("; ", reasons) + "; change that in the database and start again"));
    }
}
