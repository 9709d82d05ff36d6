package ai.materi.platform.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the members that are listed and not there, once a second. After a partition the oldest node of each half asks
 * the others whether to merge, but when it has begun to connect while the network was cut, it waits for 5 s for a connection
 * that it does not try again ({@code AbstractJoiner}): one that is made beside ends that wait. Hazelcast has no other door
 * for it than its own insides.
 */
final class MemberSeeker {
    private static final Logger LOG = LoggerFactory.getLogger(MemberSeeker.class);
    private static final long EVERY_MILLIS = 1_000;

    private final HazelcastInstance hazelcast;
    private final List<String> members;

    /** @param members as {@code host:port}; others are left to Hazelcast */
    MemberSeeker(HazelcastInstance hazelcast, List<String> members) {
        this.hazelcast = hazelcast;
        this.members = List.copyOf(members);
    }

    /** Ends with its Vert.x. */
    void begin(Vertx vertx) {
        vertx.setTimer(
                EVERY_MILLIS,
                due -> vertx.executeBlocking(
                                () -> {
                                    seek();
                                    return null;
                                },
                                false)
                        .onFailure(failure -> LOG.debug("members are not looked for", failure))
                        .onComplete(done -> begin(vertx)));
    }

    private void seek() throws UnknownHostException {
        if (hazelcast instanceof HazelcastInstanceProxy proxy
                && hazelcast.getLifecycleService().isRunning()) {
            Node node = proxy.getOriginal().node;
            if (node.isMaster()) {
                for (String member : members) {
                    seek(node, member);
                }
            }
        }
    }

    /** Begins to connect, and waits for nothing. */
    private static void seek(Node node, String member) throws UnknownHostException {
        int colon = member.lastIndexOf(':');
        if (colon > 0 && member.substring(colon + 1).matches("[0-9]{1,5}")) {
            Address address = new Address(member.substring(0, colon), Integer.parseInt(member.substring(colon + 1)));
            if (node.getClusterService().getMember(address) == null) {
                node.getServer().getConnectionManager(EndpointQualifier.MEMBER).getOrConnect(address, true);
            }
        }
    }
}
