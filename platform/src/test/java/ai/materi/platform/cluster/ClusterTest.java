package ai.materi.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.config.Config;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClusterTest {
    private static final Path DATA = Path.of("target", "cluster-data");

    @Test
    void joinsTwoNodesOnLoopbackThatHearEachOther() {
        int first = freePort();
        int second = freePort();
        Vertx one = node(first, "127.0.0.1:" + second);
        Vertx two = node(second, "127.0.0.1:" + first);
        assertThat(one.isClustered()).isTrue();
        AtomicReference<Buffer> heard = new AtomicReference<>();
        Await.result(two.eventBus()
                .<Buffer>consumer("node-two", message -> {
                    heard.set(message.body());
                    message.reply("heard");
                })
                .completion());
        Await.until(
                "the subscription has arrived",
                () -> one.eventBus()
                        .request("node-two", Buffer.buffer("hello"))
                        .transform(answer -> io.vertx.core.Future.succeededFuture(answer.succeeded()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join());
        assertThat(heard.get()).isEqualTo(Buffer.buffer("hello"));
        Await.result(two.close());
        Await.result(one.close());
    }

    @Test
    void isAloneUnlessTheConfigurationSaysOtherwise() {
        Vertx alone = Await.result(Cluster.build(Vertx.builder(), new VertxOptions(), settings(Map.of())));
        assertThat(alone.isClustered()).isFalse();
        Await.result(alone.close());
    }

    @Test
    void refusesAPublicBusWithoutMutualTlsInProduction() {
        Map<String, String> overrides = Map.of("cluster.enabled", "true", "cluster.host", "0.0.0.0");
        Settings open = Config.load(
                        new Config.Sources(TestSettings.confFolder(), "production", DATA, null, Map.of(), overrides))
                .section("cluster");
        assertThatThrownBy(() -> Cluster.build(Vertx.builder(), new VertxOptions(), open))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mutual TLS");
    }

    private static Vertx node(int port, String peer) {
        return Await.result(Cluster.build(
                Vertx.builder(),
                new VertxOptions(),
                settings(Map.of(
                        "cluster.enabled",
                        "true",
                        "cluster.host",
                        "127.0.0.1",
                        "cluster.port",
                        Integer.toString(port),
                        "cluster.members",
                        "127.0.0.1:" + port + "," + peer))));
    }

    private static Settings settings(Map<String, String> overrides) {
        return TestSettings.with(DATA, overrides).section("cluster");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
