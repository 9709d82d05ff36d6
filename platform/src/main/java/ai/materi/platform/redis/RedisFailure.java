package ai.materi.platform.redis;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.Set;
import java.util.regex.Pattern;

/** What a failure of Redis means to whoever asked. An error that answers the command itself stays as it is. */
final class RedisFailure {
    /** First words of errors that say that Redis cannot serve now (redis.io, error replies). */
    private static final Set<String> STATES =
            Set.of("CONNECTION_CLOSED", "LOADING", "BUSY", "MASTERDOWN", "READONLY", "OOM", "MISCONF", "CLUSTERDOWN");

    /** What the client writes before the error of one request of a batch: which one it was. */
    private static final Pattern PLACE_IN_BATCH = Pattern.compile("^ERR \\[\\d+] ");

    private RedisFailure() {}

    static Throwable of(Throwable failure) {
        if (failure instanceof Problem) {
            return failure;
        }
        if ("Redis waiting queue is full".equals(failure.getMessage())) {
            return Problem.of(ProblemCode.OVERLOADED, "Too many requests wait for Redis.");
        }
        return isAway(failure) ? away() : failure;
    }

    static Problem away() {
        return Problem.of(ProblemCode.UNAVAILABLE, "Redis cannot be reached.");
    }

    /** Whether it counts against the circuit: no answer, or one that says "not now". */
    static boolean isAway(Throwable failure) {
        if (failure instanceof Response answer && answer.type() == ResponseType.ERROR) {
            String text =
                    PLACE_IN_BATCH.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
            return STATES.contains(text.split(" ", 2)[0]);
        }
        boolean ownFault = failure instanceof IllegalArgumentException
                || String.valueOf(failure.getMessage()).startsWith("Redis ");
        return !ownFault;
    }
}
