package ai.materi.platform.node;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** What {@code /readyz} asks and names; each check is bounded to 2 s. */
public final class Health {
    public void register(String dependency, Supplier<Future<Void>> check) {
        throw new UnsupportedOperationException();
    }
}
