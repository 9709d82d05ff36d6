package ai.materi.gateway.limit;

import ai.materi.gateway.limit.Lease.Grant;
import ai.materi.platform.redis.RedisGate;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests by the generic cell rate algorithm (GCRA, ITU-T I.371): Redis keeps for each subject the time at which its
 * budget would be full again, and one script reads, decides and writes it, by the clock of Redis. Nodes take tokens in
 * {@link Lease}s, so that a busy subject costs about one round trip a second instead of one a request. At most
 * {@value #MAX_SUBJECTS} subjects are remembered here; a forgotten one only asks again.
 */
public final class RateLimits {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);
    private static final int MAX_SUBJECTS = 100_000;
    /** Others may spend what was granted for this one; so often in a row only where nearly everything is spent. */
    private static final int MAX_ROUNDS = 20;

    /** KEYS: the subject. ARGV: µs a token, tokens of a full budget, tokens wanted. Answers granted, left, ms to wait. */
    private static final String SCRIPT = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local interval, quota, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local full = tonumber(redis.call('GET', KEYS[1]) or now)
            if full < now then full = now end
            local free = math.floor((now + quota * interval - full) / interval)
            if free < 1 then
              return {0, 0, math.ceil((full + interval - quota * interval - now) / 1000)}
            end
            local granted = math.min(free, wanted)
            full = full + granted * interval
            local wait = math.ceil((full - now) / 1000)
            redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', wait + 1000)
            return {granted, free - granted, wait}
            """;

    private final RedisGate redis;
    private final AtomicBoolean counting = new AtomicBoolean(true);
    private final Cache<String, Lease> leases = Caffeine.newBuilder()
            .maximumSize(MAX_SUBJECTS)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    public RateLimits(RedisGate redis) {
        this.redis = redis;
    }

    /** Takes one request from the subject's budget. Never fails: without Redis the verdict is {@link Verdict.Uncounted}. */
    public Future<Verdict> take(Policy policy, String subject) {
        String key = "materi:limit:" + policy.name() + ":" + subject;
        Lease lease = leases.get(key, k -> new Lease(policy));
        return take(policy, key, lease, MAX_ROUNDS);
    }

    private Future<Verdict> take(Policy policy, String key, Lease lease, int rounds) {
        @Nullable Verdict verdict = lease.spend(System.currentTimeMillis());
        if (verdict != null) {
            return Future.succeededFuture(verdict);
        }
        if (rounds == 0) {
            return Future.succeededFuture(new Verdict.Refused(policy, 1));
        }
        return grant(policy, key, lease)
                .compose(grant -> take(policy, key, lease, rounds - 1))
                .recover(away -> Future.succeededFuture(new Verdict.Uncounted(policy)));
    }

    /** Requests that come while a question is under way wait for the same answer, each in its own context. */
    private Future<Grant> grant(Policy policy, String key, Lease lease) {
        Promise<Grant> mine = ContextInternal.current().promise();
        Promise<Grant> answer = Promise.promise();
        @Nullable Future<Grant> asking = lease.askOrJoin(answer.future());
        if (asking != null) {
            asking.onComplete(mine);
            return mine.future();
        }
        answer.future().onComplete(mine);
        ask(policy, key, lease.wanted()).onComplete(asked -> {
            lease.answered(asked.result(), System.currentTimeMillis());
            note(asked.cause());
            answer.handle(asked);
        });
        return mine.future();
    }

    private Future<Grant> ask(Policy policy, String key, int wanted) {
        return redis.send(Request.cmd(Command.EVAL)
                        .arg(SCRIPT)
                        .arg(1)
                        .arg(key)
                        .arg(policy.intervalMicros())
                        .arg(policy.quota())
                        .arg(wanted))
                .map(RateLimits::grant);
    }

    private static Grant grant(Response response) {
        return new Grant(
                response.get(0).toInteger(),
                response.get(1).toLong(),
                response.get(2).toLong());
    }

    private void note(@Nullable Throwable failure) {
        if (failure == null) {
            if (counting.compareAndSet(false, true)) {
                LOG.info("Rate limits are counted again");
            }
        } else if (counting.compareAndSet(true, false)) {
            LOG.warn("Rate limits are not counted: {}", failure.getMessage());
        }
    }
}
