package ai.materi.platform.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of Materi works at present, as a state that clients see in the header {@value #HEADER}. Each dependency that is
 * away asks for a level; the gravest one asked for holds. A feature that the level has lost refuses with
 * {@code unavailable} and says why.
 */
public final class Degradation {
    /** {@code <level>} or {@code <level>; reasons="postgres, redis"}. */
    public static final String HEADER = "Materi-Degradation";

    /** What can be lost. */
    public enum Feature {
        READ,
        EDIT,
        SIGN_IN,
        GENERATE;

        /** As in {@code docs/degradation.md} and in the metrics. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** From everything to hardly anything; each keeps the features of its table in {@code docs/degradation.md}. */
    public enum Level {
        NORMAL(0),
        /** Redis is away: limits are no longer shared, and nobody can sign in anew. */
        DEGRADED(1),
        /** PostgreSQL does not keep up: text is read and written, and nothing is begun that adds to its work. */
        MINIMAL(2),
        /** PostgreSQL is away: nothing can be committed, so nothing is promised. */
        EMERGENCY(3);

        private final int gravity;

        Level(int gravity) {
            this.gravity = gravity;
        }

        public boolean offers(Feature feature) {
            return switch (feature) {
                case SIGN_IN -> this == NORMAL;
                case GENERATE -> gravity <= DEGRADED.gravity;
                case READ, EDIT -> gravity <= MINIMAL.gravity;
            };
        }

        /** As in the header. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record State(Level level, List<String> reasons) {
        String header() {
            return reasons.isEmpty() ? level.word() : level.word() + "; reasons=\"" + String.join(", ", reasons) + "\"";
        }
    }

    /** Something that is looked at, and how many times in a row it was found well. */
    private record Watch(String reason, Level level, BooleanSupplier available, AtomicInteger well) {}

    private static final Logger LOG = LoggerFactory.getLogger(Degradation.class);
    private static final long LOOK_MILLIS = 500;

    /** Looks in a row, two seconds of them, that must find a thing well again: what comes and goes is taken as gone. */
    private static final int WELL_AGAIN = 4;

    private static final int RETRY_SECONDS = 5;
    private static final State NORMAL = new State(Level.NORMAL, List.of());

    private final MeterRegistry meters;
    private final Map<String, Level> reasons = new ConcurrentHashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private volatile State state = NORMAL;

    private Degradation(MeterRegistry meters) {
        this.meters = meters;
    }

    public static Degradation create(Vertx vertx, MeterRegistry meters) {
        Degradation degradation = new Degradation(meters);
        vertx.setPeriodic(LOOK_MILLIS, timer -> degradation.look());
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

    /** What asks for the present level or a lesser one, in alphabetical order; empty when it is {@code normal}. */
    public List<String> reasons() {
        return state.reasons();
    }

    /**
     * Asks for {@code level} from the first look, of two a second, at which {@code available} says no, until it has said yes
     * for two seconds. A single failure should not make it say no: it is to be patient itself.
     */
    public void watch(String reason, Level level, BooleanSupplier available) {
        watches.add(new Watch(reason, level, available, new AtomicInteger()));
        Gauge.builder("materi.degradation.reason", reasons, asked -> asked.containsKey(reason) ? 1 : 0)
                .description("1 while this reason asks for a level")
                .tag("reason", reason)
                .register(meters);
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
            meters.counter("materi.degradation.refusals", "feature", feature.word())
                    .increment();
            throw Problem.of(
                    ProblemCode.UNAVAILABLE,
                    "This is switched off while the service is " + now.header() + ".",
                    Map.of("degradation", now.level().word(), "retry_after", RETRY_SECONDS));
        }
    }

    private void look() {
        for (Watch watch : watches) {
            if (!watch.available().getAsBoolean()) {
                watch.well().set(0);
                report(watch.reason(), watch.level());
            } else if (watch.well().incrementAndGet() >= WELL_AGAIN) {
                clear(watch.reason());
            }
        }
    }

    private synchronized void settle() {
        Level level = reasons.values().stream().max(Level::compareTo).orElse(Level.NORMAL);
        State before = state;
        state = level == Level.NORMAL
                ? NORMAL
                : new State(level, reasons.keySet().stream().sorted().toList());
        if (before.level() != level) {
            LOG.warn(
                    "The service is {} now, it was {}",
                    state.header(),
                    before.level().word());
        }
    }
}
