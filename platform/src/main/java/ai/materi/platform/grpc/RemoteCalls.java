package ai.materi.platform.grpc;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Traceparent;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.streams.ReadStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.ServiceMethod;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A contract as another node offers it: the current call's token, deadline and trace go along, problems come back. */
final class RemoteCalls implements InvocationHandler {
    /** For a caller that did not say how long it waits. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Contract<?> contract;
    private final GrpcClient client;
    private final NodePass pass;
    private final Peers peers;

    private RemoteCalls(Contract<?> contract, GrpcClient client, NodePass pass, Peers peers) {
        this.contract = contract;
        this.client = client;
        this.pass = pass;
        this.peers = peers;
    }

    static <S> S of(Contract<S> contract, GrpcClient client, NodePass pass, Peers peers) {
        Class<S> type = contract.type();
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new RemoteCalls(contract, client, pass, peers)));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        ServiceMethod<?, ?> wire = Objects.requireNonNull(contract.methods().get(method.getName()));
        Object message = Objects.requireNonNull(arguments)[0];
        boolean streams = Contract.streams(method);
        CallContext call = CallContext.current();
        Duration patience = call.remaining(PATIENCE);
        if (patience.isZero()) {
            return Future.failedFuture(Problem.of(ProblemCode.TIMED_OUT, "The caller's deadline has passed."));
        }
        // A stream lives as long as its reader, unless the reader itself has a deadline.
        Duration limit = streams && call.deadline() == null ? Duration.ZERO : patience;
        return send(typed(wire), message, call, limit, streams);
    }

    /** The client's descriptor names the answer first; the proxy has only looked it up by name. */
    @SuppressWarnings("unchecked")
    private static ServiceMethod<Object, Object> typed(ServiceMethod<?, ?> wire) {
        return (ServiceMethod<Object, Object>) wire;
    }

    private Future<Object> send(
            ServiceMethod<Object, Object> wire, Object message, CallContext call, Duration limit, boolean streams) {
        try {
            return client.request(peers.next(), wire)
                    .compose(request -> {
                        addMetadata(request, call, limit);
                        if (message instanceof ReadStream<?> messages) {
                            return converse(request, messages);
                        }
                        return streams ? stream(request, message) : reply(request, message);
                    })
                    .recover(failure -> Future.failedFuture(Statuses.problem(failure, call)));
        } catch (Problem e) {
            return Future.failedFuture(e);
        }
    }

    private void addMetadata(GrpcClientRequest<Object, Object> request, CallContext call, Duration limit) {
        MultiMap headers = request.headers();
        headers.set("x-request-id", call.requestId());
        pass.show(headers);
        if (call.token() != null) {
            headers.set("authorization", "Bearer " + call.token());
        } else if (call.principal() != null) {
            Vouched.write(headers, call.principal());
        }
        if (call.traceparent() != null && !Traceparent.writtenByTracer()) {
            headers.set("traceparent", call.traceparent());
        }
        if (!limit.isZero()) {
            request.timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private static Future<Object> reply(GrpcClientRequest<Object, Object> request, Object message) {
        Future<Object> reply = request.response()
                .compose(response ->
                        response.last().recover(failure -> Future.failedFuture(Statuses.problem(response, failure))));
        return sent(request, message, reply);
    }

    private static Future<Object> stream(GrpcClientRequest<Object, Object> request, Object message) {
        return sent(request, message, request.response().compose(response -> RemoteStream.of(request, response)));
    }

    /** What the caller says leaves as fast as the other node reads; a failed write shows in the answer. */
    private static Future<Object> converse(GrpcClientRequest<Object, Object> request, ReadStream<?> messages) {
        messages.endHandler(end -> request.end());
        messages.handler(message -> {
            request.write(message);
            if (request.writeQueueFull()) {
                messages.pause();
                request.drainHandler(drained -> messages.resume());
            }
        });
        return request.response().compose(response -> RemoteStream.of(request, response));
    }

    /** A refusal may come before the message has left: the answer tells more than the failed write does. */
    private static Future<Object> sent(
            GrpcClientRequest<Object, Object> request, Object message, Future<Object> answer) {
        return request.end(message).transform(written -> answer);
    }

    private Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "remote " + contract.name();
        };
    }
}
