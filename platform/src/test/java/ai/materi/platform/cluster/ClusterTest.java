package ai.materi.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.config.Config;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Authority;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ClusterTest {
    private static final Path DATA = Path.of("target", "cluster-data");
    private static final String ANSWERED = "answered";
    private static final long PATIENCE_MS = 3_000;

    @Test
    void joinsTwoNodesOnLoopbackThatHearEachOther() {
        List<Integer> ports = FreePorts.take(2);
        int first = ports.get(0);
        int second = ports.get(1);
        Vertx one = node(first, "127.0.0.1:" + second);
        Vertx two = node(second, "127.0.0.1:" + first);
        assertThat(one.isClustered()).isTrue();
        answerAt(two, "node-two");

        Await.until("the message is answered", () -> outcome(one, "node-two").equals(ANSWERED));

        Await.result(two.close());
        Await.result(one.close());
    }

    @Test
    void carriesMessagesBetweenNodesWithCertificatesOfOneAuthority(@TempDir Path folder) {
        Authority ours = Authority.in(folder.resolve("ours"));
        List<Integer> ports = FreePorts.take(2);
        int first = ports.get(0);
        int second = ports.get(1);
        Vertx one = node(first, "127.0.0.1:" + second, ours.papersFor("one").settings("cluster"));
        Vertx two = node(second, "127.0.0.1:" + first, ours.papersFor("two").settings("cluster"));
        answerAt(two, "node-two");

        Await.until("the message is answered", () -> outcome(one, "node-two").equals(ANSWERED));

        Await.result(two.close());
        Await.result(one.close());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsNothingToANodeWithoutACertificateOfItsAuthority(boolean withOneOfAnother, @TempDir Path folder) {
        Authority ours = Authority.in(folder.resolve("ours"));
        Authority theirs = Authority.in(folder.resolve("theirs"));
        List<Integer> ports = FreePorts.take(2);
        int first = ports.get(0);
        int second = ports.get(1);
        Vertx inside =
                node(first, "127.0.0.1:" + second, ours.papersFor("inside").settings("cluster"));
        Vertx outside = node(
                second,
                "127.0.0.1:" + first,
                withOneOfAnother ? theirs.papersFor("outside").settings("cluster") : Map.of());
        answerAt(inside, "inside");
        answerAt(outside, "outside");

        assertThat(outcomeOnceKnown(inside, "outside")).isNotEqualTo(ANSWERED);
        assertThat(outcomeOnceKnown(outside, "inside")).isNotEqualTo(ANSWERED);

        Await.result(outside.close());
        Await.result(inside.close());
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
        return node(port, peer, Map.of());
    }

    private static Vertx node(int port, String peer, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "cluster.enabled",
                "true",
                "cluster.host",
                "127.0.0.1",
                "cluster.port",
                Integer.toString(port),
                "cluster.members",
                "127.0.0.1:" + port + "," + peer));
        values.putAll(more);
        return Await.result(Cluster.build(Vertx.builder(), new VertxOptions(), settings(values)));
    }

    /** Says back what it hears. */
    private static void answerAt(Vertx node, String address) {
        Await.result(node.eventBus()
                .<Buffer>consumer(address, message -> message.reply(message.body()))
                .completion());
    }

    /** What becomes of a message once the sender knows that somebody listens for it. */
    private static String outcomeOnceKnown(Vertx node, String address) {
        AtomicReference<String> outcome = new AtomicReference<>("");
        Await.until("the subscription has arrived", () -> {
            outcome.set(outcome(node, address));
            return !outcome.get().equals(ReplyFailure.NO_HANDLERS.name());
        });
        return outcome.get();
    }

    private static String outcome(Vertx node, String address) {
        Buffer hello = Buffer.buffer("hello");
        return Await.result(node.eventBus()
                .<Buffer>request(address, hello, new DeliveryOptions().setSendTimeout(PATIENCE_MS))
                .map(answer -> answer.body().equals(hello) ? ANSWERED : "changed")
                .otherwise(failure -> failure instanceof ReplyException refusal
                        ? refusal.failureType().name()
                        : failure.toString()));
    }

    private static Settings settings(Map<String, String> overrides) {
        return TestSettings.with(DATA, overrides).section("cluster");
    }
}
