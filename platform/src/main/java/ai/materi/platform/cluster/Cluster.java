package ai.materi.platform.cluster;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the Vert.x of a node: alone, or joined to others by Hazelcast, which knows the members and carries the event bus's
 * subscriptions. Nothing is found by itself: the members are listed, the addresses are set, nobody is told about us.
 *
 * <p>Whoever reaches these ports edits documents past every guard: a production boot refuses a bus outside loopback without
 * mutual TLS, and Hazelcast's own port belongs on a private network. A subscription can be lost after a partition, so that
 * nothing may rely on the bus alone.
 */
public final class Cluster {
    private static final String NAME = "materi";

    /**
     * In seconds. Halves that gave each other up look for each other all the time: of what they keep, only subscriptions
     * matter, and each node says its own again. A connection that is being opened when the network heals would otherwise
     * wait for the kernel's next try, which comes later with every try.
     */
    private static final Map<String, Integer> PROMPTLY = Map.of(
            "hazelcast.heartbeat.interval.seconds", 2,
            "hazelcast.max.no.heartbeat.seconds", 20,
            "hazelcast.merge.first.run.delay.seconds", 1,
            "hazelcast.merge.next.run.delay.seconds", 1,
            "hazelcast.socket.connect.timeout.seconds", 1,
            "hazelcast.wait.seconds.before.join", 0);

    /** The same for the event bus: what was sent into a connection that is given up shows as a gap, and is read from the log. */
    private static final int BUS_CONNECT_MILLIS = 1_000;

    private static final long BUS_PING_MILLIS = 1_500;
    private static final long BUS_ANSWER_MILLIS = 2_500;

    private final Settings settings;

    private Cluster(Settings settings) {
        this.settings = settings;
    }

    /** From the section {@code cluster}; {@code enabled: false} builds a Vert.x that is alone. */
    public static Future<Vertx> build(VertxBuilder builder, VertxOptions options, Settings cluster) {
        if (!cluster.bool("enabled")) {
            return Future.succeededFuture(builder.with(options).build());
        }
        Cluster settings = new Cluster(cluster);
        settings.configureBus(options.getEventBusOptions());
        HazelcastClusterManager manager = new HazelcastClusterManager(settings.hazelcast());
        return builder.with(options)
                .withClusterManager(manager)
                .buildClustered()
                .onSuccess(vertx ->
                        new MemberSeeker(manager.getHazelcastInstance(), cluster.strings("members")).begin(vertx));
    }

    private void configureBus(EventBusOptions bus) {
        String host = settings.string("host");
        int port = settings.integer("bus_port", 0, 65535);
        Optional<String> certificate = settings.optional("tls_cert");
        if (certificate.isEmpty() && settings.profile().equals("production") && !isLoopback(host)) {
            throw new ConfigException("cluster.host is " + host + ": outside loopback the event bus needs mutual TLS; "
                    + "set cluster.tls_cert, cluster.tls_key and cluster.tls_ca");
        }
        bus.setHost(host).setClusterPublicHost(host).setPort(port);
        bus.setConnectTimeout(BUS_CONNECT_MILLIS)
                .setClusterPingInterval(BUS_PING_MILLIS)
                .setClusterPingReplyInterval(BUS_ANSWER_MILLIS);
        certificate.ifPresent(path -> bus.setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions().setCertPath(path).setKeyPath(settings.string("tls_key")))
                .setTrustOptions(new PemTrustOptions().addCertPath(settings.string("tls_ca"))));
    }

    private Config hazelcast() {
        Config config = ConfigUtil.loadConfig();
        config.setClusterName(NAME)
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.logging.type", "slf4j");
        PROMPTLY.forEach((name, seconds) -> config.setProperty(name, seconds.toString()));
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(settings.integer("port", 1, 65535)).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).setInterfaces(List.of(address(settings.string("host"))));
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(settings.strings("members"));
        return config;
    }

    private static boolean isLoopback(String host) {
        return resolve(host).isLoopbackAddress();
    }

    private static String address(String host) {
        return resolve(host).getHostAddress();
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigException("cluster.host: there is no " + host);
        }
    }
}
