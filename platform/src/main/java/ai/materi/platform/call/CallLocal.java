package ai.materi.platform.call;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;

/** Reserves the place of the call in every Vert.x context; found by ServiceLoader, since it must be before Vert.x is. */
public final class CallLocal implements VertxServiceProvider {
    static final ContextLocal<CallContext> KEY = ContextLocal.registerLocal(CallContext.class);

    @Override
    public void init(VertxBootstrap builder) {
        // Loading the class has registered the key.
    }
}
