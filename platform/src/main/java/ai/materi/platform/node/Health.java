package ai.materi.platform.node;

import ai.materi.platform.http.Readiness;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /readyz} asks and names; each check is bounded to 2 s, and they run at the same time. Questions that arrive
 * meanwhile get the same answer, so that asking often costs the dependencies nothing.
 */
public final class Health {
    private static final long CHECK_SECONDS = 2;
    private static final int LONGEST_REASON = 200;

    private record Check(String dependency, boolean required, Supplier<Future<Void>> question) {}

    private record Finding(
            String dependency, boolean required, @Nullable String fault) {}

    private final List<Check> checks = new CopyOnWriteArrayList<>();
    private @Nullable Future<Readiness> current;

    Health() {}

    /** A dependency without which this node should get no traffic. */
    public void register(String dependency, Supplier<Future<Void>> check) {
        checks.add(new Check(dependency, true, check));
    }

    /** A dependency that is named, but whose absence only degrades what the node can do. */
    public void registerOptional(String dependency, Supplier<Future<Void>> check) {
        checks.add(new Check(dependency, false, check));
    }

    /** Asks every dependency; never fails. */
    public synchronized Future<Readiness> check() {
        if (current == null || current.isComplete()) {
            current = ask();
        }
        return current;
    }

    private Future<Readiness> ask() {
        List<Future<Finding>> findings = checks.stream().map(Health::ask).toList();
        return Future.join(new ArrayList<>(findings))
                .map(done -> readiness(findings.stream().map(Future::result).toList()));
    }

    private static Readiness readiness(List<Finding> findings) {
        Map<String, String> dependencies = new TreeMap<>();
        findings.forEach(
                finding -> dependencies.put(finding.dependency(), finding.fault() == null ? "up" : finding.fault()));
        boolean ready = findings.stream().noneMatch(finding -> finding.required() && finding.fault() != null);
        return new Readiness(ready, dependencies);
    }

    private static Future<Finding> ask(Check check) {
        return question(check)
                .timeout(CHECK_SECONDS, TimeUnit.SECONDS)
                .transform(answer -> Future.succeededFuture(
                        new Finding(check.dependency(), check.required(), fault(answer.cause()))));
    }

    private static Future<Void> question(Check check) {
        try {
            return check.question().get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static @Nullable String fault(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        String reason = failure instanceof TimeoutException
                ? "no answer within " + CHECK_SECONDS + " s"
                : String.valueOf(failure.getMessage());
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }
}
