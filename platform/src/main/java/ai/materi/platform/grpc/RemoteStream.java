package ai.materi.platform.grpc;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import org.jspecify.annotations.Nullable;

/** Messages from another node: nothing is read before there is a handler, and a status that is not OK is a failure. */
final class RemoteStream<T> implements CancellableStream<T> {
    private final GrpcClientRequest<?, T> request;
    private final GrpcClientResponse<?, T> response;
    private @Nullable Handler<Throwable> failed;
    private @Nullable Handler<Void> ended;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean over;

    private RemoteStream(GrpcClientRequest<?, T> request, GrpcClientResponse<?, T> response) {
        this.request = request;
        this.response = response;
    }

    /** A refusal that came instead of a stream fails the future. */
    static Future<Object> of(GrpcClientRequest<Object, Object> request, GrpcClientResponse<Object, Object> response) {
        if (response.status() != null) {
            return response.last().recover(failure -> Future.failedFuture(Statuses.problem(response, failure)));
        }
        RemoteStream<Object> stream = new RemoteStream<>(request, response);
        response.pause();
        response.endHandler(v -> stream.end());
        response.exceptionHandler(stream::fail);
        response.errorHandler(error -> stream.fail(new IllegalStateException("reset: " + error)));
        return Future.succeededFuture(stream);
    }

    @Override
    public RemoteStream<T> handler(@Nullable Handler<T> handler) {
        if (handler == null) {
            cancel();
            return this;
        }
        response.handler(handler);
        if (!reading) {
            reading = true;
            response.fetch(demand);
        }
        return this;
    }

    @Override
    public RemoteStream<T> exceptionHandler(@Nullable Handler<Throwable> handler) {
        failed = handler;
        return this;
    }

    @Override
    public RemoteStream<T> endHandler(@Nullable Handler<Void> handler) {
        ended = handler;
        return this;
    }

    @Override
    public RemoteStream<T> pause() {
        demand = 0;
        if (reading) {
            response.pause();
        }
        return this;
    }

    @Override
    public RemoteStream<T> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public RemoteStream<T> fetch(long amount) {
        demand = amount == Long.MAX_VALUE || demand == Long.MAX_VALUE ? Long.MAX_VALUE : demand + amount;
        if (reading) {
            response.fetch(amount);
        }
        return this;
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            failed = null;
            ended = null;
            response.handler(null);
            response.resume();
            request.cancel();
        }
    }

    private void end() {
        if (response.status() != GrpcStatus.OK) {
            fail(new IllegalStateException("status " + response.status()));
        } else if (!over) {
            over = true;
            if (ended != null) {
                ended.handle(null);
            }
        }
    }

    private void fail(Throwable failure) {
        if (!over) {
            over = true;
            if (failed != null) {
                failed.handle(Statuses.problem(response, failure));
            }
        }
    }
}
