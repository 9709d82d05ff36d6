package ai.materi.gateway.http;

import ai.materi.gateway.limit.Policy;
import ai.materi.gateway.limit.RateLimits;
import ai.materi.gateway.limit.Verdict;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which budgets a call spends: that of its address, its user and its workspace. A workspace is charged only by those who have
 * access to it: which workspace a target leads a user to is learned from calls that succeeded (and those are charged
 * afterwards), so that nobody can spend the budget of strangers by naming their ids. A call whose body says where it works
 * asks, since what it costs must not be had before it is paid for.
 */
public final class Budgets {
    private static final int MAX_LEARNED = 50_000;

    private record Way(UUID user, String target) {}

    private final RateLimits limits;
    private final GuardOptions.Limits policies;
    private final Cache<Way, UUID> learned = Caffeine.newBuilder()
            .maximumSize(MAX_LEARNED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    public Budgets(RateLimits limits, GuardOptions.Limits policies) {
        this.limits = limits;
        this.policies = policies;
    }

    Future<Void> address(Call call, String address) {
        return call.endpoint().access() == Access.SIGN_IN
                ? strictly(call, policies.signIn(), address)
                : spend(call, policies.address(), address);
    }

    Future<Void> user(Call call, UUID user) {
        return spend(call, policies.user(), user.toString());
    }

    Future<Void> workspace(Call call, UUID user) {
        @Nullable String target = target(call);
        @Nullable UUID workspace = target == null ? null : learned.getIfPresent(new Way(user, target));
        return workspace == null ? Future.succeededFuture() : spend(call, policies.workspace(), workspace.toString());
    }

    /**
     * For a call whose body names {@code target}, before its work. {@code find} answers with the workspace that the target leads
     * to and fails for those without access: they are not charged, and the work refuses them in its own words.
     */
    public Future<Void> workspace(Call call, String target, Supplier<Future<UUID>> find) {
        Way way = new Way(call.principal().userId(), target);
        @Nullable UUID known = learned.getIfPresent(way);
        Future<UUID> workspace = known == null ? find.get() : Future.succeededFuture(known);
        return workspace.transform(
                found -> found.succeeded() ? spend(call, way, found.result()) : Future.succeededFuture());
    }

    private Future<Void> spend(Call call, Way way, UUID workspace) {
        learned.put(way, workspace);
        return spend(call, policies.workspace(), workspace.toString());
    }

    /** After the call: remembers where it led, and charges what could not be charged before. */
    void learn(Call call) {
        @Nullable UUID workspace = call.workspaceId();
        if (workspace == null || call.context().principal() == null || hasPaid(call)) {
            return;
        }
        @Nullable String target = target(call);
        Way way = new Way(call.principal().userId(), target == null ? "" : target);
        if (target == null || learned.getIfPresent(way) == null) {
            learned.put(way, workspace);
            limits.take(policies.workspace(), workspace.toString());
        }
    }

    private boolean hasPaid(Call call) {
        return call.verdicts().stream().anyMatch(verdict -> verdict.policy().equals(policies.workspace()));
    }

    private static @Nullable String target(Call call) {
        @Nullable String id = call.parameters().get("id");
        return id != null ? id : call.query("workspace_id").orElse(null);
    }

    /** For sign-in: guesses at one account count together, wherever they come from. */
    public Future<Void> account(Call call, String account) {
        return strictly(call, policies.account(), account);
    }

    /** Without Redis nobody could count the guesses: then nobody signs in. */
    private Future<Void> strictly(Call call, Policy policy, String subject) {
        return limits.take(policy, subject)
                .compose(verdict -> verdict instanceof Verdict.Uncounted
                        ? Future.failedFuture(Problem.of(
                                ProblemCode.UNAVAILABLE,
                                "Signing in is not possible at present.",
                                Map.of("retry_after", 5)))
                        : judge(call, verdict));
    }

    private Future<Void> spend(Call call, Policy policy, String subject) {
        return limits.take(policy, subject).compose(verdict -> judge(call, verdict));
    }

    private static Future<Void> judge(Call call, Verdict verdict) {
        call.verdicts().add(verdict);
        return verdict instanceof Verdict.Refused refused
                ? Future.failedFuture(Problem.of(
                        ProblemCode.RATE_LIMITED,
                        "The limit of this " + refused.policy().name() + " is "
                                + refused.policy().quota() + " requests in "
                                + refused.policy().window().toSeconds() + " seconds.",
                        Map.of(
                                "retry_after",
                                refused.retrySeconds(),
                                "policy",
                                refused.policy().name())))
                : Future.succeededFuture();
    }
}
