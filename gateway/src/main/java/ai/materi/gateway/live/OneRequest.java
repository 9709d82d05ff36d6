package ai.materi.gateway.live;

import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** Says one thing and nothing more, and does not end: whoever listens ends it. */
final class OneRequest<T> implements ReadStream<T> {
    private final T request;
    private @Nullable Handler<T> handler;
    private boolean wanted = true;
    private boolean said;

    OneRequest(T request) {
        this.request = request;
    }

    private void flow() {
        Handler<T> listener = handler;
        if (listener != null && wanted && !said) {
            said = true;
            listener.handle(request);
        }
    }

    @Override
    public OneRequest<T> handler(@Nullable Handler<T> listener) {
        handler = listener;
        flow();
        return this;
    }

    @Override
    public OneRequest<T> pause() {
        wanted = false;
        return this;
    }

    @Override
    public OneRequest<T> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public OneRequest<T> fetch(long amount) {
        wanted = wanted || amount > 0;
        flow();
        return this;
    }

    /** It never fails. */
    @Override
    public OneRequest<T> exceptionHandler(@Nullable Handler<Throwable> listener) {
        return this;
    }

    @Override
    public OneRequest<T> endHandler(@Nullable Handler<Void> listener) {
        return this;
    }
}
