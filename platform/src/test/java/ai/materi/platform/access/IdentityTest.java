package ai.materi.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.grpc.Stranger;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.redis.RedisGate;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IdentityTest {
    private static final UUID SESSION = UUID.fromString("01900000-0000-7000-8000-00000000000a");
    private static final String TOKEN = "good:" + SESSION;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final String url = TestServices.freshKeySpace();

    /** A node's share of this: its own connection to Redis, its own cache. */
    private final class Side {
        final RedisGate redis;
        final AccessFeed feed;
        final Stranger shield = new Stranger();
        final Identity identity;
        final List<AccessFeed.Change> heard = new CopyOnWriteArrayList<>();

        Side(String nodeId) {
            Settings settings = TestSettings.with(Path.of("target", "access-data"), Map.of());
            redis = Await.result(RedisGate.start(vertx, settings.section("redis"), url, meters));
            feed = Await.result(AccessFeed.create(vertx, redis, nodeId));
            Services services = Services.create(vertx, settings.section("grpc"), "known to nodes");
            services.offer(AuthService.class, shield, AuthServiceGrpcService.of(shield));
            identity = Identity.create(services, feed, meters);
            feed.onChange(heard::add);
        }
    }

    private Side here;
    private Side there;

    @BeforeEach
    void open() {
        here = new Side("here");
        there = new Side("there");
        Await.until("both sides hear", () -> here.feed.live() && there.feed.live());
    }

    @AfterEach
    void close() {
        Await.result(here.redis.close());
        Await.result(there.redis.close());
        Await.result(vertx.close());
    }

    @Test
    void asksShieldOnceForAToken() {
        for (int i = 0; i < 100; i++) {
            assertThat(Await.result(here.identity.verify(TOKEN)).sessionId()).isEqualTo(SESSION);
        }
        // The first heartbeat is the end of a gap, and may void one answer, as one that is late does.
        assertThat(here.shield.asked.get()).isBetween(1, 10);
    }

    @Test
    void endsARevokedSessionOnEveryNode() {
        Await.result(here.identity.verify(TOKEN));
        Await.result(there.identity.verify(TOKEN));
        Await.result(there.feed.publishRevocation(SESSION));
        assertThat(code(there)).isEqualTo(ProblemCode.SESSION_ENDED);
        Await.until("the other node knows", () -> isEnded(here));
    }

    @Test
    void trustsNothingForLongWhileNoNewsArrives() {
        Await.result(here.identity.verify(TOKEN));
        Await.result(here.redis.close());
        Await.until("the silence is noticed", () -> !here.feed.live());
        int before = here.shield.asked.get();
        Await.until("Shield is asked again", () -> {
            Await.result(here.identity.verify(TOKEN));
            return here.shield.asked.get() > before;
        });
    }

    @Test
    void forgetsATokenWhenItExpires() {
        here.shield.expiry = Instant.now().plusSeconds(3);
        Await.result(here.identity.verify(TOKEN));
        Await.until("the token has expired", () -> here.identity.verify(TOKEN).failed());
        assertThat(code(here)).isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void refusesTokensOfAnyShape() {
        for (String token : List.of("", "bad", "x".repeat(10_000))) {
            Problem problem = (Problem) Await.failure(here.identity.verify(token));
            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_TOKEN);
        }
    }

    @Test
    void redeemsATicketForItsDocumentOnly() {
        UUID document = UUID.randomUUID();
        assertThat(Await.result(here.identity.redeem("ticket-" + document, document))
                        .name())
                .isEqualTo("Ada");
        assertThat(Await.failure(here.identity.redeem("ticket-" + document, UUID.randomUUID())))
                .isInstanceOf(Problem.class);
    }

    @Test
    void tellsChangesHereAtOnceAndThereOnce() {
        var change = new AccessFeed.Change(UUID.randomUUID(), null, UUID.randomUUID());
        Await.result(here.feed.publishChange(change));
        assertThat(here.heard).containsOnlyOnce(change);
        Await.until("the other node has heard", () -> there.heard.contains(change));
        assertThat(here.heard).containsOnlyOnce(change);
        assertThat(there.heard).containsOnlyOnce(change);
    }

    private static boolean isEnded(Side side) {
        return side.identity.verify(TOKEN).failed();
    }

    private static ProblemCode code(Side side) {
        return ((Problem) Await.failure(side.identity.verify(TOKEN))).code();
    }
}
