package ai.materi.platform.postgres;

import io.vertx.core.Future;
import java.util.List;

/** The PostgreSQL of this node, embedded or named by DATABASE_URL. */
public final class Postgres {
    /**
     * A module's schema and the login roles that work in it. Roles are created (NOSUPERUSER, NOBYPASSRLS, owning nothing)
     * before the migrations run, which live at {@code classpath:db/<name>/V1__….sql} and grant to them by name.
     *
     * @param name of the schema, e.g. {@code auth}
     * @param roles e.g. {@code materi_auth}, {@code materi_auth_login}
     */
    public record Schema(String name, List<String> roles) {}

    /** Creates roles and runs migrations off the event loop; refuses roles that could climb over the tenant wall. */
    public Future<Void> migrate(Schema schema) {
        throw new UnsupportedOperationException();
    }

    /** A bounded pool for one role; the same object for the same role. */
    public Database as(String role) {
        throw new UnsupportedOperationException();
    }
}
