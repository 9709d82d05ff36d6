package ai.materi.platform.grpc;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One method of an offered contract. The generated binding is used for its descriptors only: it loses the failure of a
 * stream, cuts the connection at a message that does not decode, and answers a call without a message never.
 *
 * @param local implements it
 * @param java the method of the generated interface
 * @param streams whether the answer is a stream
 * @param takesStream whether the question is one
 */
record Rpc<Q, A>(ServiceMethod<Q, A> wire, Object local, Method java, boolean streams, boolean takesStream) {

    static List<Rpc<?, ?>> of(Offer offer) {
        List<Rpc<?, ?>> methods = new ArrayList<>();
        offer.wire().bind(new Collector(wire -> methods.add(rpc(offer, wire))));
        return methods;
    }

    private static <Q, A> Rpc<Q, A> rpc(Offer offer, ServiceMethod<Q, A> wire) {
        String name = Contract.javaName(wire.methodName());
        Method java = Arrays.stream(offer.contract().getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        offer.contract().getName() + " has no method for " + wire.fullMethodName()));
        return new Rpc<>(wire, offer.local(), java, Contract.streams(java), Contract.takesStream(java));
    }

    /**
     * The answer, or the stream of them.
     *
     * @param question a message, or the stream of them
     */
    Future<?> call(Object question) {
        try {
            return Objects.requireNonNull((Future<?>) java.invoke(local, question));
        } catch (InvocationTargetException e) {
            return Future.failedFuture(e.getCause() == null ? e : e.getCause());
        } catch (IllegalAccessException e) {
            return Future.failedFuture(e);
        }
    }

    String name() {
        return wire.fullMethodName();
    }

    /** A problem of the caller's making: it sent something else than the contract says. */
    static Problem misused(String detail) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail);
    }

    /** What the generated code hands to a server, and nothing else of one. */
    private record Collector(java.util.function.Consumer<ServiceMethod<?, ?>> methods) implements GrpcServer {
        @Override
        public <Q, A> GrpcServer callHandler(
                ServiceMethod<Q, A> method, io.vertx.core.Handler<GrpcServerRequest<Q, A>> handler) {
            methods.accept(method);
            return this;
        }

        @Override
        public GrpcServer callHandler(
                io.vertx.core.Handler<GrpcServerRequest<io.vertx.core.buffer.Buffer, io.vertx.core.buffer.Buffer>>
                        handler) {
            throw new UnsupportedOperationException("A contract names its methods");
        }

        @Override
        public GrpcServer addService(io.vertx.grpc.server.Service service) {
            throw new UnsupportedOperationException("A contract is one service");
        }

        @Override
        public List<io.vertx.grpc.server.Service> services() {
            return List.of();
        }

        @Override
        public void handle(io.vertx.core.http.HttpServerRequest request) {
            throw new UnsupportedOperationException("Nothing is served here");
        }
    }
}
