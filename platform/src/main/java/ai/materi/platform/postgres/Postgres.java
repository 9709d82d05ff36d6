package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The PostgreSQL of this node, embedded or named by DATABASE_URL. */
public final class Postgres {
    private static final long WATCH_MILLIS = 1000;

    /** A pause of a busy server, or a failover that takes a second, is not yet an absence. */
    private static final int MISSES_TOLERATED = 2;

    private static final int PIPELINING = 256;
    private static final int OWNERS_WAITING = 64;
    private static final int STATEMENTS_KEPT = 512;
    private static final int LONGEST_CACHED_STATEMENT = 16_384;

    /** Null where the schema is new, not the fingerprint where it must be migrated. */
    private static final String FINGERPRINT =
            "SELECT obj_description(to_regclass(quote_ident($1) || '.flyway_schema_history'), 'pg_class') AS found";

    /**
     * A module's schema and the login roles that work in it. Roles are created (NOSUPERUSER, NOBYPASSRLS, owning nothing)
     * before the migrations run, which live at {@code classpath:db/<name>/V1__….sql} and grant to them by name.
     *
     * @param name of the schema, e.g. {@code auth}
     * @param roles e.g. {@code materi_auth}, {@code materi_auth_login}
     */
    public record Schema(String name, List<String> roles) {
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

        public Schema {
            roles = List.copyOf(roles);
            if (!NAME.matcher(name).matches()
                    || !roles.stream().allMatch(role -> NAME.matcher(role).matches())) {
                throw new IllegalArgumentException("schema and roles are lower-case names: " + name + " " + roles);
            }
        }
    }

    private final Vertx vertx;
    private final Owner owner;
    private final PostgresSettings settings;
    private final MeterRegistry meters;
    private final Pool ownerPool;
    private final WorkerExecutor migrations;
    private final Map<String, Database> databases = new ConcurrentHashMap<>();
    private final long watch;
    private final Pulse pulse = new Pulse(MISSES_TOLERATED);

    private Postgres(Vertx vertx, Owner owner, PostgresSettings settings, MeterRegistry meters) {
        this.vertx = vertx;
        this.owner = owner;
        this.settings = settings;
        this.meters = meters;
        this.ownerPool = PgBuilder.pool()
                .with(new PoolOptions().setName("materi_owner").setMaxSize(2).setMaxWaitQueueSize(OWNERS_WAITING))
                .with(settings.socket())
                .connectingTo(connecting(owner.options(), "migrations"))
                .using(vertx)
                .build();
        this.migrations = vertx.createSharedWorkerExecutor("materi-migrations", 2, 10, TimeUnit.MINUTES);
        this.watch = vertx.setPeriodic(
                WATCH_MILLIS,
                timer -> ping().timeout(WATCH_MILLIS, TimeUnit.MILLISECONDS)
                        .onComplete(answer -> pulse.felt(answer.succeeded())));
    }

    /**
     * Connects as the owner of the schemas.
     *
     * @param settings the section {@code postgres}
     * @param url {@code postgres://owner:password@host:port/database[?sslmode=…]}
     */
    public static Future<Postgres> start(Vertx vertx, Settings settings, String url, MeterRegistry meters) {
        Owner owner = Owner.of(url);
        Postgres postgres = new Postgres(vertx, owner, PostgresSettings.of(settings), meters);
        return postgres.ping()
                .map(postgres)
                .recover(failure -> postgres.close()
                        .transform(closed -> Future.failedFuture(new ConfigException(
                                "DATABASE_URL: " + owner.place() + " cannot be used: " + failure.getMessage(),
                                failure))));
    }

    /** Creates roles and runs migrations off the event loop; refuses roles that could climb over the tenant wall. */
    public Future<Void> migrate(Schema schema) {
        return vertx.executeBlocking(() -> Migrations.fingerprint(schema.name()), false)
                .compose(fingerprint -> upToDate(schema, fingerprint)
                        .compose(done -> done
                                ? Future.succeededFuture()
                                : migrations.executeBlocking(
                                        () -> {
                                            new Migrator(owner, settings.migrationTimeout()).run(schema, fingerprint);
                                            return null;
                                        },
                                        false)))
                .compose(done -> TenantWall.check(ownerPool, schema));
    }

    /** A bounded pool for one role; the same object for the same role. */
    public Database as(String role) {
        return databases.computeIfAbsent(
                role, name -> Database.of(vertx, connecting(runtime(name), name), settings, meters, name));
    }

    /** A secret that the nodes on this database share, and nobody else: derived from its owner's password. */
    public String sharedSecret(String purpose) {
        return owner.secret("materi " + purpose);
    }

    /** Whether the database answers, and takes writes. */
    public Future<Void> ping() {
        return ownerPool.query(ReadOnlyServer.LEAVE).execute().mapEmpty();
    }

    /** Asked every second: false once several answers in a row failed to come, true with the next one that comes. */
    public boolean available() {
        return pulse.present();
    }

    public Future<Void> close() {
        vertx.cancelTimer(watch);
        List<Future<Void>> closing =
                databases.values().stream().map(Database::close).toList();
        return Future.join(closing)
                .eventually(ownerPool::close)
                .eventually(migrations::close)
                .mapEmpty();
    }

    private Future<Boolean> upToDate(Schema schema, String fingerprint) {
        Future<RowSet<Row>> found = ownerPool.preparedQuery(FINGERPRINT).execute(Tuple.of(schema.name()));
        List<Future<Void>> logins = schema.roles().stream().map(this::login).toList();
        Future<Void> allLogIn =
                logins.isEmpty() ? Future.succeededFuture() : Future.all(logins).mapEmpty();
        return found.compose(rows -> allLogIn.transform(login -> Future.succeededFuture(
                login.succeeded() && fingerprint.equals(rows.iterator().next().getString("found")))));
    }

    private Future<Void> login(String role) {
        return PgConnection.connect(vertx, connecting(runtime(role), role)).compose(PgConnection::close);
    }

    private PgConnectOptions runtime(String role) {
        return owner.options().setUser(role).setPassword(owner.passwordOf(role));
    }

    private PgConnectOptions connecting(PgConnectOptions options, String name) {
        return options.setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENTS_KEPT)
                .setPreparedStatementCacheSqlLimit(LONGEST_CACHED_STATEMENT)
                .setPipeliningLimit(PIPELINING)
                .addProperty("application_name", "materi " + name)
                .addProperty("statement_timeout", millis(settings.statementTimeout()))
                .addProperty("lock_timeout", millis(settings.lockTimeout()))
                .addProperty("idle_in_transaction_session_timeout", millis(settings.idleInTransactionTimeout()));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
