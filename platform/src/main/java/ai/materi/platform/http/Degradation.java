package ai.materi.platform.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of Materi works at present, as a state that clients see in the header {@value #HEADER}. Each dependency that is
 * away asks for a level; the gravest one asked for holds. A feature that the level has lost refuses with
 * {@code unavailable} and says why.
 */
public final class Degradation {
    /** {@code <level>} or {@code <level>; reasons="redis, provider"}. */
    public static final String HEADER = "Materi-Degradation";

    /** What can be lost. */
    public enum Feature {
        READ,
        EDIT,
        SIGN_IN,
        GENERATE,
        SHARED_LIMITS
    }

    /** From everything to hardly anything; each keeps the features of its table in {@code docs/degradation.md}. */
    public enum Level {
        NORMAL(0),
        /** Redis is away: limits are no longer shared, and nobody can sign in anew. */
        DEGRADED(1),
        /** Nothing expensive: text is read and written, and that is all. */
        MINIMAL(2),
        /** PostgreSQL is away: nothing can be committed, so nothing is promised. */
        EMERGENCY(3);

        private final int gravity;

        Level(int gravity) {
            this.gravity = gravity;
        }

        public boolean offers(Feature feature) {
            return switch (feature) {
                case SIGN_IN, SHARED_LIMITS -> this == NORMAL;
                case GENERATE -> gravity <= DEGRADED.gravity;
                case READ, EDIT -> gravity <= MINIMAL.gravity;
            };
        }

        /** As in the header. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private record State(Level level, String header) {}

    private record Watch(String reason, Level level, BooleanSupplier available) {}

    private static final Logger LOG = LoggerFactory.getLogger(Degradation.class);
    private static final long WATCH_MILLIS = 500;
    private static final State NORMAL = new State(Level.NORMAL, "normal");

    private final Map<String, Level> reasons = new ConcurrentHashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private volatile State state = NORMAL;

    private Degradation() {}

    public static Degradation create(Vertx vertx, MeterRegistry meters) {
        Degradation degradation = new Degradation();
        vertx.setPeriodic(WATCH_MILLIS, timer -> degradation.look());
        Gauge.builder("materi.degradation", degradation, d -> d.level().gravity)
                .description("0 normal, 1 degraded, 2 minimal, 3 emergency")
                .register(meters);
        return degradation;
    }

    public Level level() {
        return state.level();
    }

    /** The value of {@value #HEADER}. */
    public String header() {
        return state.header();
    }

    /** Asks for {@code level} for as long as {@code available} says no; looked at twice a second. */
    public void watch(String reason, Level level, BooleanSupplier available) {
        watches.add(new Watch(reason, level, available));
    }

    /** Asks for at least this level until {@link #clear}. */
    public void report(String reason, Level level) {
        if (reasons.put(reason, level) != level) {
            settle();
        }
    }

    public void clear(String reason) {
        if (reasons.remove(reason) != null) {
            settle();
        }
    }

    /** Throws {@code unavailable} when the present level has lost the feature. */
    public void require(Feature feature) {
        State now = state;
        if (!now.level().offers(feature)) {
            throw Problem.of(
                    ProblemCode.UNAVAILABLE,
                    "This is switched off while the service is " + now.header() + ".",
                    Map.of("degradation", now.level().word(), "retry_after", 5));
        }
    }

    private void look() {
        for (Watch watch : watches) {
            if (watch.available().getAsBoolean()) {
                clear(watch.reason());
            } else {
                report(watch.reason(), watch.level());
            }
        }
    }

    private synchronized void settle() {
        Level level = reasons.values().stream().max(Level::compareTo).orElse(Level.NORMAL);
        String why = reasons.keySet().stream().sorted().collect(Collectors.joining(", "));
        State before = state;
        state = level == Level.NORMAL ? NORMAL : new State(level, level.word() + "; reasons=\"" + why + "\"");
        if (before.level() != level) {
            LOG.warn(
                    "The service is {} now, it was {}",
                    state.header(),
                    before.level().word());
        }
    }
}
