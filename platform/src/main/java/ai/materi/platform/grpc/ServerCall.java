package ai.materi.platform.grpc;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.problem.GrpcProblem;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.problem.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call on the gRPC port, from its metadata to its one status. Runs in the Vert.x context of the call. */
final class ServerCall<Q, A> {
    private final Rpc<Q, A> rpc;
    private final GrpcServerRequest<Q, A> request;
    private final GrpcServerResponse<Q, A> response;
    private final Reception reception;
    private final MeterRegistry meters;
    private final long started = System.nanoTime();
    private final CallContext call;
    private @Nullable Timer deadline;
    private @Nullable ReadStream<A> stream;
    private boolean asked;
    private boolean over;

    ServerCall(Rpc<Q, A> rpc, GrpcServerRequest<Q, A> request, Reception reception, MeterRegistry meters) {
        this.rpc = rpc;
        this.request = request;
        this.response = request.response();
        this.reception = reception;
        this.meters = meters;
        this.call = reception.greet(request.headers(), request.timeout(), rpc.streams());
    }

    void start(Vertx vertx) {
        call.enter();
        startDeadline(vertx);
        request.invalidMessageHandler(
                invalid -> fail(Problem.of(ProblemCode.TOO_LARGE, "The message is larger than this port reads.")));
        request.errorHandler(error -> abandon());
        request.exceptionHandler(error -> abandon());
        // A lost connection is told to the response alone once the request has ended.
        response.exceptionHandler(error -> abandon());
        if (rpc.takesStream()) {
            converse();
        } else {
            request.endHandler(v -> requireQuestion());
            request.messageHandler(this::read);
        }
    }

    /** Nothing is read before the caller is known, and later only what is asked for. */
    private void converse() {
        IncomingStream<Q> questions = new IncomingStream<>(request, this::decoded, this::fail);
        reception
                .admit(call, request.headers(), rpc.name())
                .compose(admitted -> run(admitted, questions))
                .onSuccess(this::answer)
                .onFailure(this::fail);
    }

    private void startDeadline(Vertx vertx) {
        Instant until = call.deadline();
        if (until != null) {
            Duration left = Duration.between(Instant.now(), until);
            deadline = vertx.timer(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
            deadline.onSuccess(v -> fail(Problem.of(ProblemCode.TIMED_OUT, "The deadline of this call has passed.")));
        }
    }

    private void requireQuestion() {
        if (!asked) {
            fail(Rpc.misused("The call carries no message."));
        }
    }

    private void read(GrpcMessage message) {
        if (asked || over) {
            fail(Rpc.misused("The call carries more than one message."));
            return;
        }
        asked = true;
        decode(message)
                .compose(question -> reception
                        .admit(call, request.headers(), rpc.name())
                        .compose(admitted -> run(admitted, question)))
                .onSuccess(this::answer)
                .onFailure(this::fail);
    }

    private Future<Q> decode(GrpcMessage message) {
        try {
            return Future.succeededFuture(decoded(message));
        } catch (Problem misused) {
            return Future.failedFuture(misused);
        }
    }

    private Q decoded(GrpcMessage message) {
        try {
            return rpc.wire().decoder().decode(message);
        } catch (RuntimeException e) {
            throw Rpc.misused("The message is not one of " + rpc.name() + ".");
        }
    }

    private Future<?> run(CallContext admitted, Object question) {
        if (over) {
            return Future.failedFuture(Problem.of(ProblemCode.TIMED_OUT, "The caller has left."));
        }
        admitted.enter();
        return rpc.call(question);
    }

    @SuppressWarnings("unchecked")
    private void answer(Object answer) {
        if (rpc.streams()) {
            send((ReadStream<A>) answer);
        } else if (settle(GrpcStatus.OK)) {
            response.end((A) answer);
        }
    }

    private void send(ReadStream<A> items) {
        if (over) {
            dismiss(items);
            return;
        }
        stream = items;
        items.exceptionHandler(this::fail);
        items.endHandler(v -> finish());
        items.handler(item -> write(items, item));
    }

    private void write(ReadStream<A> items, A item) {
        if (over) {
            return;
        }
        response.write(item);
        if (response.writeQueueFull()) {
            items.pause();
            response.drainHandler(v -> items.resume());
        }
    }

    private void finish() {
        if (settle(GrpcStatus.OK)) {
            response.end();
        }
    }

    private void fail(Throwable failure) {
        Problem problem = over ? null : Problems.settle(failure, "gRPC " + rpc.name());
        if (problem != null && settle(problem.code().grpcStatus())) {
            GrpcProblem sent = GrpcProblem.of(problem);
            response.status(sent.status());
            response.trailers().set("grpc-message", Statuses.escaped(sent.message()));
            if (sent.members() != null) {
                response.trailers().set(GrpcProblem.MEMBERS, sent.members());
            }
            response.end();
            leaveStream();
        }
    }

    /** The caller has reset the call or lost its connection: nobody listens any more. */
    private void abandon() {
        if (settle(GrpcStatus.CANCELLED)) {
            leaveStream();
        }
    }

    private void leaveStream() {
        if (stream != null) {
            dismiss(stream);
        }
    }

    private static void dismiss(ReadStream<?> items) {
        if (items instanceof CancellableStream<?> cancellable) {
            cancellable.cancel();
        } else {
            items.exceptionHandler(null).endHandler(null).handler(null);
        }
    }

    /** True once: for the first end that this call comes to. */
    private boolean settle(GrpcStatus status) {
        if (over) {
            return false;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
        if (rpc.takesStream()) {
            // What is still on its way would keep its share of the connection's window.
            request.messageHandler(rest -> {});
            request.resume();
        }
        io.micrometer.core.instrument.Timer.builder("materi.grpc.server.calls")
                .description("Time from the metadata of a call to its status")
                .tag("method", rpc.name())
                .tag("status", status.name())
                .register(meters)
                .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        return true;
    }
}
