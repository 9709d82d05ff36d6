package ai.materi.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.node.Node;
import ai.materi.platform.node.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RateLimitsTest {
    private static TestNode one;
    private static TestNode other;

    @BeforeAll
    static void start() {
        one = TestNode.start(Map.of());
        other = one.sibling(Map.of());
    }

    @AfterAll
    static void end() {
        other.close();
        one.close();
    }

    private static Future<Verdict> take(Node node, RateLimits limits, Policy policy, String subject) {
        Promise<Verdict> verdict = Promise.promise();
        node.vertx().runOnContext(run -> limits.take(policy, subject).onComplete(verdict));
        return verdict.future();
    }

    @Test
    void letsNoMoreThroughOnTwoNodesThanThePolicySays() {
        Policy policy = new Policy("user", 600, Duration.ofMinutes(1));
        RateLimits here = new RateLimits(one.node().redis());
        RateLimits there = new RateLimits(other.node().redis());
        long started = System.nanoTime();

        List<Future<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            verdicts.add(take(one.node(), here, policy, "both"));
            verdicts.add(take(other.node(), there, policy, "both"));
        }
        Await.result(Future.join(verdicts));

        long allowed = verdicts.stream()
                .filter(verdict -> verdict.result() instanceof Verdict.Allowed)
                .count();
        long refilled = (System.nanoTime() - started) / 100_000_000 + 1;
        assertThat(allowed).isBetween(600L - 2L * policy.maxLease(), 600 + refilled);
    }

    @Test
    void asksRedisFarLessOftenThanItIsAsked() {
        Policy policy = new Policy("user", 600_000, Duration.ofMinutes(1));
        RateLimits limits = new RateLimits(one.node().redis());
        double before = commands();

        for (int i = 0; i < 2000; i++) {
            assertThat(Await.result(take(one.node(), limits, policy, "busy"))).isInstanceOf(Verdict.Allowed.class);
        }

        assertThat(commands() - before).isLessThan(200);
    }

    private static double commands() {
        String stats = Await.result(one.node()
                        .redis()
                        .send(io.vertx.redis.client.Request.cmd(io.vertx.redis.client.Command.INFO)
                                .arg("commandstats")))
                .toString();
        return stats.lines()
                .filter(line -> line.startsWith("cmdstat_eval:calls="))
                .mapToDouble(line -> Double.parseDouble(line.substring(19, line.indexOf(','))))
                .sum();
    }

    @Test
    void saysHowLongToWaitAndIsRight() {
        Policy policy = new Policy("user", 2, Duration.ofSeconds(10));
        RateLimits limits = new RateLimits(one.node().redis());
        Await.result(take(one.node(), limits, policy, "patient"));
        Await.result(take(one.node(), limits, policy, "patient"));

        Verdict refused = Await.result(take(one.node(), limits, policy, "patient"));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        verdict -> assertThat(verdict.retrySeconds()).isBetween(1L, 5L));
        Await.until(
                "the budget grows again",
                () -> Await.result(take(one.node(), limits, policy, "patient")) instanceof Verdict.Allowed);
    }
}
