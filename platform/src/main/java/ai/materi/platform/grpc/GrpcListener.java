package ai.materi.platform.grpc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.util.concurrent.atomic.AtomicInteger;

/** One instance of the gRPC server, on one event loop. */
final class GrpcListener extends VerticleBase {
    /** All instances with the same negative port share one that is free; the HTTP server's is another. */
    private static final int SHARED_FREE_PORT = -2;

    private final Wire wire;
    private final AtomicInteger port;
    private final GrpcDoor.Surroundings node;

    /** @param port to listen on; becomes the one chosen when it is 0 */
    GrpcListener(Wire wire, AtomicInteger port, GrpcDoor.Surroundings node) {
        this.wire = wire;
        this.port = port;
        this.node = node;
    }

    @Override
    public Future<?> start() {
        GrpcServer server = bound();
        return vertx.createHttpServer(wire.serverOptions())
                .requestHandler(request -> admit(request, server))
                .listen(wire.port() == 0 ? SHARED_FREE_PORT : wire.port(), wire.host())
                .onSuccess(listening -> port.set(listening.actualPort()));
    }

    private GrpcServer bound() {
        GrpcServerOptions options = new GrpcServerOptions().setMaxMessageSize(wire.maxMessage());
        for (GrpcProtocol other : GrpcProtocol.values()) {
            if (other != GrpcProtocol.HTTP_2) {
                options.removeEnabledProtocol(other);
            }
        }
        GrpcServer server = GrpcServer.server(vertx, options);
        HealthService health = HealthService.create(vertx).register("", node.healthy());
        Reception reception = new Reception(node.identity(), node.services().pass(), node.draining());
        for (Offer offer : node.services().offers()) {
            server.addService(service(offer, reception));
            health.register(offer.wire().name(), node.healthy());
        }
        server.addService(health);
        if (wire.reflection()) {
            server.addService(ReflectionService.v1());
        }
        return server;
    }

    private Service service(Offer offer, Reception reception) {
        return new Service() {
            @Override
            public ServiceName name() {
                return offer.wire().name();
            }

            @Override
            public com.google.protobuf.Descriptors.ServiceDescriptor descriptor() {
                return offer.wire().descriptor();
            }

            @Override
            public void bind(GrpcServer server) {
                Rpc.of(offer).forEach(rpc -> bindOne(server, rpc, reception));
            }
        };
    }

    private <Q, A> void bindOne(GrpcServer server, Rpc<Q, A> rpc, Reception reception) {
        server.callHandler(
                rpc.wire(), request -> new ServerCall<>(rpc, request, reception, node.meters()).start(vertx));
    }

    /**
     * Compressed messages are refused: their bound is checked before they are inflated. A missing encoding is written
     * down as identity, since the deframer throws at a frame that claims to be compressed without one.
     */
    private static void admit(HttpServerRequest request, GrpcServer server) {
        String encoding = request.getHeader("grpc-encoding");
        if (encoding != null && !encoding.equals("identity")) {
            request.response()
                    .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                    .putHeader("grpc-accept-encoding", "identity")
                    .putHeader("grpc-status", Integer.toString(GrpcStatus.UNIMPLEMENTED.code))
                    .putHeader("grpc-message", "unsupported_media_type: Messages must not be compressed.")
                    .end();
            return;
        }
        request.headers().set("grpc-encoding", "identity");
        server.handle(request);
    }
}
