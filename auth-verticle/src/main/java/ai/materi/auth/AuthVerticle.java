package ai.materi.auth;

import ai.materi.auth.tokens.KeyEncryptionKey;
import ai.materi.auth.workers.BoundedPool;
import ai.materi.platform.config.Settings;
import ai.materi.platform.node.Node;
import ai.materi.platform.postgres.Postgres.Schema;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcService;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shield: migrates its schema, makes sure of its keys, offers {@code AuthService}, and tidies up every hour. */
public final class AuthVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuthVerticle.class);
    private static final Duration BETWEEN_TIDYING = Duration.ofHours(1);
    /** A signature takes a millisecond: more than a second of them is too much. */
    private static final int SIGNING_QUEUE = 1_024;

    private final Node node;
    private final Settings settings;
    private final BoundedPool hashing;
    private final BoundedPool signing;

    /** Throws {@code ConfigException} when the section {@code auth} does not say how many may hash at once. */
    public AuthVerticle(Node node) {
        this.node = node;
        this.settings = node.settings().section("auth");
        Settings password = settings.section("password");
        this.hashing = new BoundedPool(
                node.vertx(),
                "materi-hash",
                password.integer("hash_threads", 1, 64),
                password.integer("hash_queue", 0, 10_000));
        this.signing = new BoundedPool(node.vertx(), "materi-sign", 1, SIGNING_QUEUE);
    }

    /**
     * Throws {@code ConfigException} when the key is malformed, or absent and not to be made: asked before anything starts.
     *
     * @param settings of the whole node
     */
    public static void refuseBadKey(Settings settings) {
        Settings auth = settings.section("auth");
        if (!settings.profile().equals("development") || KeyEncryptionKey.isGiven(auth)) {
            KeyEncryptionKey.load(auth);
        }
    }

    @Override
    public Future<?> start() {
        return node.postgres()
                .migrate(new Schema("auth", Shield.ROLES))
                .compose(migrated -> signing.run(() -> KeyEncryptionKey.load(settings)))
                .map(seal -> new Shield(node, settings, seal, hashing, signing))
                .compose(shield -> shield.prepare().map(shield))
                .map(this::open);
    }

    @Override
    public Future<?> stop() {
        return Future.join(hashing.close(), signing.close());
    }

    private AuthDoor open(Shield shield) {
        Gauge.builder("materi.auth.hash_queue", hashing, BoundedPool::depth)
                .description("Passwords that are being hashed or wait for it")
                .register(node.meters());
        vertx.setPeriodic(BETWEEN_TIDYING.toMillis(), timer -> tidy(shield));
        node.services().offer(AuthService.class, shield.door(), AuthServiceGrpcService.of(shield.door()));
        return shield.door();
    }

    private static void tidy(Shield shield) {
        shield.tidy()
                .onFailure(failure -> LOG.warn("Keys and sessions could not be tidied; next try in an hour", failure));
    }
}
