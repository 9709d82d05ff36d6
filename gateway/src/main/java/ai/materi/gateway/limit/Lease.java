package ai.materi.gateway.limit;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The part of one subject's budget that this node may spend without asking Redis. A lease lasts a second and is as large as
 * twice what the subject spent here in the second before (at least 1, at most one second's worth of the quota), or as large as
 * the number of requests that wait for it; what is not spent
 * is given up. So all nodes together never let through more than the policy says, and a subject loses at most one lease a
 * node and second.
 */
final class Lease {
    static final long LIFE_MS = 1000;

    /** What Redis answered. */
    record Grant(int granted, long remaining, long waitMs) {}

    private final Policy policy;
    private int tokens;
    private int spent;
    private int waiting;
    /** Who waited for the last answer: those are there, and ask again at once when it was too small. */
    private int unserved;

    private long until;
    private long blockedUntil;
    private long remaining;
    private long fullAt;
    private @Nullable Future<Grant> asking;

    Lease(Policy policy) {
        this.policy = policy;
    }

    /** A verdict when it can be known here; null when Redis has to be asked. */
    synchronized @Nullable Verdict spend(long now) {
        if (now < blockedUntil) {
            return new Verdict.Refused(policy, seconds(blockedUntil - now));
        }
        if (tokens == 0 || now >= until) {
            return null;
        }
        tokens--;
        spent++;
        return new Verdict.Allowed(policy, remaining + tokens, seconds(Math.max(0, fullAt - now)));
    }

    /** How many tokens to ask for. */
    synchronized int wanted() {
        int foreseen = Math.min(policy.maxLease(), 2 * spent);
        return Math.min(policy.quota(), Math.max(1, Math.max(unserved, foreseen)));
    }

    /** The question under way, if one is; else this one is from now on. */
    synchronized @Nullable Future<Grant> askOrJoin(Future<Grant> question) {
        waiting++;
        if (asking == null) {
            asking = question;
            return null;
        }
        return asking;
    }

    /** Takes the answer; null when there was none. */
    synchronized void answered(@Nullable Grant grant, long now) {
        asking = null;
        unserved = waiting;
        waiting = 0;
        spent = 0;
        if (grant == null) {
            unserved = 0;
            return;
        }
        unserved = Math.max(0, unserved - grant.granted());
        tokens = grant.granted();
        until = now + LIFE_MS;
        remaining = grant.remaining();
        if (grant.granted() == 0) {
            blockedUntil = now + Math.max(1, grant.waitMs());
        } else {
            fullAt = now + grant.waitMs();
        }
    }

    private static long seconds(long ms) {
        return Math.max(1, (ms + 999) / 1000);
    }
}
