package ai.materi.platform.grpc;

import ai.materi.platform.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a caller who sends many. Nothing is read before there is a handler; one that does not decode ends the call.
 * A caller who leaves is told by the answer, which is cancelled.
 */
final class IncomingStream<Q> implements ReadStream<Q> {
    private final GrpcServerRequest<Q, ?> request;
    private final Function<GrpcMessage, Q> decoder;
    private final Consumer<Problem> misused;
    private long demand = Long.MAX_VALUE;
    private boolean reading;

    /** @param decoder throws the {@code Problem} that {@code misused} is told */
    IncomingStream(GrpcServerRequest<Q, ?> request, Function<GrpcMessage, Q> decoder, Consumer<Problem> misused) {
        this.request = request;
        this.decoder = decoder;
        this.misused = misused;
        request.pause();
    }

    @Override
    public IncomingStream<Q> handler(@Nullable Handler<Q> handler) {
        request.messageHandler(message -> {
            if (handler != null) {
                hand(handler, message);
            }
        });
        if (!reading) {
            reading = true;
            request.fetch(demand);
        }
        return this;
    }

    private void hand(Handler<Q> handler, GrpcMessage message) {
        Q question;
        try {
            question = decoder.apply(message);
        } catch (Problem problem) {
            misused.accept(problem);
            return;
        }
        handler.handle(question);
    }

    /** Never called: whoever answers is told by the answer. */
    @Override
    public IncomingStream<Q> exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public IncomingStream<Q> endHandler(@Nullable Handler<Void> handler) {
        request.endHandler(handler);
        return this;
    }

    @Override
    public IncomingStream<Q> pause() {
        demand = 0;
        if (reading) {
            request.pause();
        }
        return this;
    }

    @Override
    public IncomingStream<Q> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public IncomingStream<Q> fetch(long amount) {
        demand = amount == Long.MAX_VALUE || demand == Long.MAX_VALUE ? Long.MAX_VALUE : demand + amount;
        if (reading) {
            request.fetch(amount);
        }
        return this;
    }
}
