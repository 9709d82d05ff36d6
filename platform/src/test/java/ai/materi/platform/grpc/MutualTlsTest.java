package ai.materi.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Authority;
import ai.materi.platform.node.Authority.Papers;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestNode;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.ai.v1.AiServiceGrpcService;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcService;
import ai.materi.proto.auth.v1.GetMeRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes that trust one authority: one is Shield, the other offers generations and asks the first one who its callers are.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutualTlsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Stranger shield = new Stranger();
    private Path folder;
    private Papers client;
    private Papers stranger;
    private TestNode first;
    private TestNode second;

    @BeforeAll
    void start(@TempDir Path files) {
        folder = files;
        Authority ours = Authority.in(folder.resolve("ours"));
        client = ours.papersFor("client");
        stranger = Authority.in(folder.resolve("theirs")).papersFor("stranger");
        first = TestNode.start(settings(ours.papersFor("first"), Map.of("grpc.host", "0.0.0.0")));
        first.node().services().offer(AuthService.class, shield, AuthServiceGrpcService.of(shield));
        first.open();
        second = first.sibling(settings(ours.papersFor("second"), Map.of("grpc.peers.auth", address(first))));
        Dictation dictation = new Dictation();
        second.node().services().offer(AiService.class, dictation, AiServiceGrpcService.of(dictation));
        second.open();
    }

    @AfterAll
    void end() {
        second.close();
        first.close();
        Await.result(vertx.close());
    }

    @Test
    void servesACallerWithACertificateAndAToken() {
        calling(
                second,
                client,
                services -> assertThat(Await.result(answer(services, good()))).isEqualTo("answered"));
    }

    @Test
    void asksWhoHasACertificateForATokenAllTheSame() {
        calling(
                second,
                client,
                services -> assertThat(problem(answer(services, CallContext.anonymous("r", null))))
                        .isEqualTo(ProblemCode.UNAUTHENTICATED));
    }

    @Test
    void letsOneNodeAskAnother() {
        int asked = shield.asked.get();

        calling(second, client, services -> Await.result(answer(services, good())));

        assertThat(shield.asked.get()).isGreaterThan(asked);
    }

    @Test
    void givesUpAPeerWhoseCertificateIsOfAnotherAuthority() {
        calling(
                first,
                stranger,
                services -> assertThat(
                                problem(in(good(), () -> services.auth().getMe(GetMeRequest.getDefaultInstance()))))
                        .isEqualTo(ProblemCode.UNAVAILABLE));
    }

    @Test
    void refusesACallerInPlainText() {
        calling(
                first,
                null,
                services -> assertThat(
                                problem(in(good(), () -> services.auth().getMe(GetMeRequest.getDefaultInstance()))))
                        .isEqualTo(ProblemCode.UNAVAILABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesACallerWithoutACertificate(String protocol) {
        assertRefused(trusting(protocol));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesACertificateOfAnotherAuthority(String protocol) {
        assertRefused(trusting(protocol).setKeyCertOptions(keys(stranger)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void takesACertificateOfItsOwnAuthority(String protocol) {
        assertThat(Await.result(health(trusting(protocol).setKeyCertOptions(keys(client)))))
                .isEqualTo(200);
    }

    private void assertRefused(HttpClientOptions options) {
        assertThat(Await.failure(health(options)))
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(SSLException.class),
                        failure -> assertThat(failure).hasMessageContaining("onnection was closed"),
                        failure -> assertThat(failure).isInstanceOf(IOException.class));
    }

    /** In TLS 1.3 a client learns that its certificate is refused only after it has sent something. */
    private Future<Integer> health(HttpClientOptions options) {
        HttpClient asking = vertx.createHttpClient(options);
        return asking.request(HttpMethod.POST, first.boot().grpcPort(), "127.0.0.1", "/grpc.health.v1.Health/Check")
                .compose(request ->
                        request.putHeader("content-type", "application/grpc").send(Buffer.buffer(new byte[5])))
                .map(HttpClientResponse::statusCode)
                // Nobody else holds the client, and one that is collected closes its connections.
                .eventually(asking::close);
    }

    private HttpClientOptions trusting(String protocol) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of(protocol))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(client.authority().toString()));
    }

    private static PemKeyCertOptions keys(Papers papers) {
        return new PemKeyCertOptions()
                .setCertPath(papers.certificate().toString())
                .setKeyPath(papers.key().toString());
    }

    /** With the contracts as another node with these papers calls them. */
    private void calling(TestNode node, @Nullable Papers papers, Consumer<Services> calls) {
        Map<String, String> settings = new HashMap<>(papers == null ? Map.of() : papers.settings("grpc"));
        settings.put("grpc.peers.auth", address(node));
        settings.put("grpc.peers.ai", address(node));
        Services services =
                Services.create(vertx, TestSettings.with(folder, settings).section("grpc"), "known to nodes");
        calls.accept(services);
        Await.result(services.close());
    }

    private Future<String> answer(Services services, CallContext caller) {
        return in(
                caller,
                () -> services.ai()
                        .streamGeneration(StreamGenerationRequest.newBuilder()
                                .setGenerationId("end-3")
                                .build())
                        .compose(stream -> {
                            Promise<String> end = Promise.promise();
                            stream.exceptionHandler(end::tryFail);
                            stream.endHandler(last -> end.tryComplete("answered"));
                            stream.handler(item -> {});
                            return end.future();
                        }));
    }

    private <T> Future<T> in(CallContext caller, Supplier<Future<T>> call) {
        return Future.future(
                promise -> vertx.runOnContext(go -> caller.call(call).onComplete(promise)));
    }

    private static ProblemCode problem(Future<?> future) {
        return ((Problem) Await.failure(future)).code();
    }

    /** Somebody new each time, whom no node remembers. */
    private static CallContext good() {
        CallContext anonymous = CallContext.anonymous("r", null);
        return new CallContext(null, "good:" + UUID.randomUUID(), null, anonymous.requestId(), null);
    }

    private static String address(TestNode node) {
        return "127.0.0.1:" + node.boot().grpcPort();
    }

    private static Map<String, String> settings(Papers papers, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(papers.settings("grpc"));
        settings.putAll(more);
        settings.put("drain.notice", "0s");
        return settings;
    }
}
