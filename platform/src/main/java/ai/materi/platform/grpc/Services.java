package ai.materi.platform.grpc;

import ai.materi.platform.config.Settings;
import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.document.v1.DocumentService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.server.Service;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Contracts that this node offers and calls. A verticle offers the one it implements; whoever calls one gets the local
 * implementation when this node has it (no wire), else a client of a node that does. Failures are {@code Problem}s on both
 * ways, and never thrown: they arrive in the future.
 *
 * <p>A stream that a contract answers with is read by setting its handlers, the {@code handler} last. Its reader leaves
 * early by {@link CancellableStream#cancel()} where the stream has it, and by {@code handler(null)} always.
 */
public final class Services {
    private final GrpcClient client;
    private final NodePass pass;
    private final Map<String, Peers> peers;
    private final List<Offer> offers = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Object> callees = new ConcurrentHashMap<>();

    private Services(GrpcClient client, NodePass pass, Map<String, Peers> peers) {
        this.client = client;
        this.pass = pass;
        this.peers = peers;
        Contract.ALL.forEach(this::callRemotely);
    }

    /**
     * From the section {@code grpc}: {@code grpc.peers.<contract>} lists {@code host:port} of the nodes that offer it.
     *
     * @param nodeSecret by which the nodes of one installation know each other
     */
    public static Services create(Vertx vertx, Settings grpc, String nodeSecret) {
        return new Services(Wire.of(grpc).client(vertx), new NodePass(nodeSecret), Peers.of(grpc.section("peers")));
    }

    /**
     * Offers a contract to this node and, over the gRPC port, to others.
     *
     * @param contract the generated interface, e.g. {@code CollabService.class}
     * @param local the implementation
     * @param wire the same, bound for the gRPC port, e.g. {@code CollabServiceGrpcService.of(local)}
     */
    public <S> void offer(Class<S> contract, S local, Service wire) {
        S callee = LocalCalls.of(contract, local);
        offers.add(new Offer(contract, callee, wire));
        callees.put(contract, callee);
    }

    public AuthService auth() {
        return callee(AuthService.class);
    }

    public CollabService collab() {
        return callee(CollabService.class);
    }

    public AiService ai() {
        return callee(AiService.class);
    }

    public DocumentService documents() {
        return callee(DocumentService.class);
    }

    /** Closes the connections to other nodes. */
    public Future<Void> close() {
        return client.close();
    }

    NodePass pass() {
        return pass;
    }

    List<Offer> offers() {
        return offers;
    }

    private <S> void callRemotely(Contract<S> contract) {
        Peers nodes = peers.getOrDefault(contract.name(), Peers.NONE);
        callees.put(contract.type(), RemoteCalls.of(contract, client, pass, nodes));
    }

    private <S> S callee(Class<S> contract) {
        return contract.cast(Objects.requireNonNull(callees.get(contract)));
    }
}
