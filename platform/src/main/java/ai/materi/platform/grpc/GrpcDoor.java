package ai.materi.platform.grpc;

import ai.materi.platform.access.Identity;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TakenPort;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The gRPC port: every contract that this node offers, the standard health service, and reflection where the configuration
 * allows it. A call runs on the event loop of its connection with a {@code CallContext} made of its metadata:
 * {@code authorization}, {@code grpc-timeout}, {@code traceparent}, {@code x-request-id}.
 */
public final class GrpcDoor {
    /** What the door needs to know of its node. */
    public record Surroundings(
            Services services,
            Identity identity,
            Supplier<Future<Boolean>> healthy,
            BooleanSupplier draining,
            MeterRegistry meters) {}

    private final Vertx vertx;
    private final Wire wire;
    private final Surroundings node;
    private final AtomicInteger port;

    private GrpcDoor(Vertx vertx, Wire wire, Surroundings node) {
        this.vertx = vertx;
        this.wire = wire;
        this.node = node;
        this.port = new AtomicInteger(wire.port());
    }

    /** From the section {@code grpc}; refuses any other address than loopback without mutual TLS. */
    public static GrpcDoor create(Vertx vertx, Settings grpc, Surroundings node) {
        return new GrpcDoor(vertx, Wire.of(grpc), node);
    }

    /** Listens, with what has been offered until now; fails with a {@link ConfigException} when the port is taken. */
    public Future<Void> open() {
        int eventLoops = Runtime.getRuntime().availableProcessors();
        Supplier<GrpcListener> listener = () -> new GrpcListener(wire, port, node);
        return vertx.deployVerticle(listener, new DeploymentOptions().setInstances(eventLoops))
                .recover(failure -> Future.failedFuture(TakenPort.explain(failure, "grpc", wire.host(), wire.port())))
                .mapEmpty();
    }

    /** Where it listens; the configured port until it is open. */
    public int port() {
        return port.get();
    }
}
