package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.StateVector;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Differences of a large document for readers that were too slow. The last one is kept until the document changes, for those
 * who fell behind together; only so many are in memory at one time, whoever reads them however slowly.
 */
final class Resyncs {
    private static final int AT_ONCE = 4;

    private final List<SharedState> underWay = new ArrayList<>();
    private int making;
    private @Nullable Made last;

    private record Made(StateVector known, Future<Optional<SharedState>> state) {}

    /** Whether what somebody lacks who has {@code known} would be one difference too many. */
    boolean isFull(StateVector known) {
        Made made = last;
        if (made != null && made.known().equals(known)) {
            return false;
        }
        long now = System.nanoTime();
        underWay.removeIf(state -> !state.isUnderWay(now));
        return underWay.size() + making >= AT_ONCE;
    }

    Future<Optional<SharedState>> of(StateVector known, Supplier<Future<Optional<SharedState>>> difference) {
        Made made = last;
        if (made == null || !made.known().equals(known)) {
            making++;
            made = new Made(known, difference.get().onComplete(done -> {
                making--;
                if (done.succeeded()) {
                    done.result().ifPresent(underWay::add);
                }
            }));
            last = made;
        }
        return made.state();
    }

    void changed() {
        last = null;
    }
}
