package ai.materi.platform.grpc;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The nodes that offer a contract, in turn. */
final class Peers {
    static final Peers NONE = new Peers(List.of());

    private final List<SocketAddress> addresses;
    private final AtomicInteger turn = new AtomicInteger();

    private Peers(List<SocketAddress> addresses) {
        this.addresses = addresses;
    }

    /** From the section {@code grpc.peers}, a list of {@code host:port} for each contract. */
    static Map<String, Peers> of(Settings section) {
        return Contract.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Contract::name,
                        contract -> new Peers(section.strings(contract.name()).stream()
                                .map(Peers::address)
                                .toList())));
    }

    SocketAddress next() {
        if (addresses.isEmpty()) {
            throw Problem.of(ProblemCode.UNAVAILABLE, "No node that offers this is known here.");
        }
        return addresses.get(Math.floorMod(turn.getAndIncrement(), addresses.size()));
    }

    private static SocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return SocketAddress.inetSocketAddress(
                    Integer.parseInt(hostAndPort.substring(colon + 1)), hostAndPort.substring(0, Math.max(colon, 0)));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("grpc.peers: '" + hostAndPort + "' must look like host:9090");
        }
    }
}
