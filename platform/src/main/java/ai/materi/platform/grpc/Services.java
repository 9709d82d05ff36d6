package ai.materi.platform.grpc;

import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.document.v1.DocumentService;
import io.vertx.grpc.server.Service;

/**
 * Contracts that this node offers and calls. A verticle offers the one it implements; whoever calls one gets the local implementation when this node
 * has it (no wire), else a client of a node that does. Failures are {@code Problem}s on both ways.
 */
public final class Services {
    /**
     * Offers a contract to this node and, over the gRPC port, to others.
     *
     * @param contract the generated interface, e.g. {@code CollabService.class}
     * @param local the implementation
     * @param wire the same, bound for the gRPC port, e.g. {@code CollabServiceGrpcService.of(local)}
     */
    public <S> void offer(Class<S> contract, S local, Service wire) {
        throw new UnsupportedOperationException();
    }

    public AuthService auth() {
        throw new UnsupportedOperationException();
    }

    public CollabService collab() {
        throw new UnsupportedOperationException();
    }

    public AiService ai() {
        throw new UnsupportedOperationException();
    }

    public DocumentService documents() {
        throw new UnsupportedOperationException();
    }
}
