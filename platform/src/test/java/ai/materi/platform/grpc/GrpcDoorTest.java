package ai.materi.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.access.Identity;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.redis.RedisGate;
import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.ai.v1.AiServiceGrpcService;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GetCapabilitiesRequest;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcService;
import ai.materi.proto.auth.v1.CreateWorkspaceRequest;
import ai.materi.proto.auth.v1.GetJwksRequest;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.Me;
import ai.materi.proto.auth.v1.SetDocumentStateRequest;
import ai.materi.proto.collab.v1.GetStateRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcDoorTest {
    private static final String ME = "/materi.auth.v1.AuthService/GetMe";
    private static final String GOOD = "Bearer good:01900000-0000-7000-8000-00000000000a";
    private static final String SECRET = "known to nodes";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /** What a caller sees of a call: status, message, and how many messages came. */
    private record Answer(String status, String message, int messages) {}

    private final Vertx vertx = Vertx.vertx();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Dictation dictation = new Dictation();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private GrpcDoor door;
    private Services remote;
    private RedisGate redis;

    @BeforeAll
    void open() {
        var settings =
                TestSettings.with(Path.of("target", "grpc-data"), Map.of("grpc.port", "0", "grpc.max_message", "10kB"));
        redis = Await.result(RedisGate.start(vertx, settings.section("redis"), TestServices.freshKeySpace(), meters));
        Services local = Services.create(vertx, settings.section("grpc"), SECRET);
        Stranger shield = new Stranger();
        local.offer(AuthService.class, shield, AuthServiceGrpcService.of(shield));
        local.offer(AiService.class, dictation, AiServiceGrpcService.of(dictation));
        AccessFeed feed = Await.result(AccessFeed.create(vertx, redis, "node"));
        Identity identity = Identity.create(local, feed, meters);
        door = GrpcDoor.create(
                vertx,
                settings.section("grpc"),
                new GrpcDoor.Surroundings(local, identity, () -> Future.succeededFuture(true), draining::get, meters));
        Await.result(door.open());
        String peer = "127.0.0.1:" + door.port();
        remote = Services.create(
                vertx,
                TestSettings.with(
                                Path.of("target", "grpc-data"), Map.of("grpc.peers.auth", peer, "grpc.peers.ai", peer))
                        .section("grpc"),
                SECRET);
    }

    @AfterAll
    void close() {
        Await.result(remote.close());
        Await.result(redis.close());
        Await.result(vertx.close());
    }

    @Test
    void bringsTheCallersTokenTraceAndRequestAlong() {
        Me me = Await.result(as("good", () -> remote.auth().getMe(GetMeRequest.getDefaultInstance())));
        assertThat(me.getUser().getName()).isEqualTo("Ada");
        assertThat(me.getUser().getEmail()).isEqualTo("request-1");
        assertThat(me.getSessionId()).isEqualTo(TRACE);
    }

    @Test
    void asksStrangersForAToken() {
        assertThat(problem(call(
                                CallContext.anonymous("r", null),
                                () -> remote.auth().getMe(GetMeRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(problem(as("bad", () -> remote.auth().getMe(GetMeRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void believesANodeAloneWhoCameWithoutAToken() {
        Services outside = Services.create(
                vertx,
                TestSettings.with(Path.of("target", "grpc-data"), Map.of("grpc.peers.auth", "127.0.0.1:" + door.port()))
                        .section("grpc"),
                "guessed");
        CallContext byTicket =
                CallContext.anonymous("r", null).as(caller("good").requirePrincipal(), null);

        Me me = Await.result(call(byTicket, () -> remote.auth().getMe(GetMeRequest.getDefaultInstance())));

        assertThat(me.getUser().getName()).isEqualTo("?");
        assertThat(problem(call(byTicket, () -> outside.auth().getMe(GetMeRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ProblemCode.UNAUTHENTICATED);
        Await.result(outside.close());
    }

    @Test
    void letsNodesAloneMakeDocumentsKnown() {
        Services outside = Services.create(
                vertx,
                TestSettings.with(Path.of("target", "grpc-data"), Map.of("grpc.peers.auth", "127.0.0.1:" + door.port()))
                        .section("grpc"),
                "guessed");
        assertThat(problem(as(
                                "good",
                                () -> outside.auth().setDocumentState(SetDocumentStateRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(problem(as(
                                "good",
                                () -> remote.auth().setDocumentState(SetDocumentStateRequest.getDefaultInstance())))
                        .code())
                .as("it got through to somebody who does not implement it")
                .isEqualTo(ProblemCode.INTERNAL);
        Await.result(outside.close());
    }

    @Test
    void bringsAProblemBackWithItsMembers() {
        Problem problem = problem(as(
                "good",
                () -> remote.auth()
                        .createWorkspace(CreateWorkspaceRequest.newBuilder()
                                .setSlug("s+%ü")
                                .build())));
        assertThat(problem.code()).isEqualTo(ProblemCode.SLUG_TAKEN);
        assertThat(problem.detail()).isEqualTo("„Ä+%“ is taken.");
        assertThat(problem.members()).containsEntry("slug", "s+%ü");
    }

    @Test
    void hidesWhatADefectSays() {
        Problem problem = problem(call(
                CallContext.anonymous("r", null), () -> remote.auth().getJwks(GetJwksRequest.getDefaultInstance())));
        assertThat(problem.code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(problem.detail()).doesNotContain("secret");
    }

    @Test
    void saysThatNobodyOffersAContract() {
        assertThat(problem(as("good", () -> remote.collab().getState(GetStateRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ProblemCode.UNAVAILABLE);
    }

    @Test
    void saysThatAMethodIsNotImplementedWithoutATrace() {
        Problem problem = problem(
                call(CallContext.anonymous("r", null), () -> remote.auth().login(LoginRequest.getDefaultInstance())));
        assertThat(problem.code()).isEqualTo(ProblemCode.INTERNAL);
    }

    @Test
    void endsAStreamAfterItsLastItem() {
        List<Long> items = new ArrayList<>();
        Await.result(stream("end-1000", items));
        assertThat(items).hasSize(1000).isSorted();
    }

    @Test
    void failsAStreamThatIsRefusedBeforeItsFirstItem() {
        assertThat(problem(stream("refuse-0", new ArrayList<>())).code()).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void failsAStreamThatFailsInTheMiddle() {
        List<Long> items = new ArrayList<>();
        assertThat(problem(stream("fail-5", items)).code()).isEqualTo(ProblemCode.PROVIDER_ERROR);
        assertThat(items).hasSize(5);
    }

    @Test
    void tellsTheWriterOfAStreamThatItsReaderHasLeft() throws Exception {
        Await.result(as(
                "good",
                () -> remote.ai()
                        .streamGeneration(StreamGenerationRequest.newBuilder()
                                .setGenerationId("stay-3")
                                .build())
                        .compose(stream -> {
                            Promise<Void> third = Promise.promise();
                            stream.handler(item -> {
                                if (item.getSequence() == 3) {
                                    ((CancellableStream<?>) stream).cancel();
                                    third.complete();
                                }
                            });
                            return third.future();
                        })));
        dictation.left("stay-3").get(30, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void tellsTheWriterOfAStreamThatItsReadersConnectionIsLost() throws Exception {
        Vertx elsewhere = Vertx.vertx();
        String peer = "127.0.0.1:" + door.port();
        Services lost = Services.create(
                elsewhere,
                TestSettings.with(Path.of("target", "grpc-data"), Map.of("grpc.peers.ai", peer))
                        .section("grpc"),
                SECRET);
        Promise<Void> third = Promise.promise();
        as(
                        "good",
                        () -> lost.ai()
                                .streamGeneration(StreamGenerationRequest.newBuilder()
                                        .setGenerationId("stay-4")
                                        .build()))
                .onSuccess(stream -> stream.handler(item -> {
                    if (item.getSequence() == 3) {
                        third.complete();
                    }
                }))
                .onFailure(third::tryFail);
        Await.result(third.future());

        Await.result(elsewhere.close());

        dictation.left("stay-4").get(30, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void givesUpAtTheCallersDeadline() {
        CallContext hurried = caller("good").until(Instant.now().plusMillis(300));
        Problem problem =
                problem(call(hurried, () -> remote.ai().getCapabilities(GetCapabilitiesRequest.getDefaultInstance())));
        assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
    }

    @Test
    void enforcesADeadlineThatItsCallerDoesNot() {
        Answer answer = raw(
                "/materi.ai.v1.AiService/GetCapabilities",
                frame(0, new byte[0]),
                "grpc-timeout",
                "200m",
                "authorization",
                GOOD);
        assertThat(answer.status()).isEqualTo("4");
        assertThat(answer.message()).startsWith("timed_out: ");
    }

    @Test
    void refusesAMessageOverTheBound() {
        Answer answer = raw(ME, frame(0, new byte[20_000]));
        assertThat(answer.status()).isEqualTo("8");
        assertThat(answer.message()).startsWith("too_large: ");
    }

    @Test
    void refusesALengthThatLies() {
        Buffer lie = Buffer.buffer().appendByte((byte) 0).appendInt(-1).appendString("x");
        assertThat(raw(ME, lie).status()).isEqualTo("8");
    }

    @Test
    void refusesBytesThatAreNoMessage() {
        Answer answer = raw(ME, frame(0, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff}));
        assertThat(answer.status()).isEqualTo("3");
        assertThat(answer.message()).startsWith("invalid_request: ");
    }

    @Test
    void refusesACallWithoutAMessageAndOneWithTwo() {
        assertThat(raw(ME, Buffer.buffer()).status()).isEqualTo("3");
        Buffer two = frame(0, new byte[0]).appendBuffer(frame(0, new byte[0]));
        assertThat(raw("/materi.ai.v1.AiService/GetCapabilities", two, "authorization", GOOD)
                        .status())
                .isEqualTo("3");
    }

    @Test
    void refusesCompressedMessages() {
        assertThat(raw(ME, frame(1, new byte[10]), "grpc-encoding", "gzip").status())
                .isEqualTo("12");
        assertThat(raw(ME, frame(1, new byte[] {(byte) 0xff})).status()).isEqualTo("3");
    }

    @Test
    void saysThatAMethodIsUnknown() {
        assertThat(raw("/materi.auth.v1.AuthService/Nothing", frame(0, new byte[0]))
                        .status())
                .isEqualTo("12");
        assertThat(raw("/nonsense", frame(0, new byte[0])).status()).isEqualTo("12");
    }

    @Test
    void refusesTokensOfAnyShapeThatAreNotGood() {
        for (String authorization :
                List.of("", "Bearer", "Bearer ", "Basic x", "Bearer bad", "Bearer " + "x".repeat(9000))) {
            Answer answer = raw(ME, frame(0, new byte[0]), "authorization", authorization);
            assertThat(answer.status()).as(authorization).isEqualTo("16");
        }
    }

    @Test
    void answersTheStandardHealthService() {
        Answer answer = raw("/grpc.health.v1.Health/Check", frame(0, new byte[0]));
        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.messages()).isEqualTo(1);
        Answer service = raw("/grpc.health.v1.Health/Check", frame(0, new byte[] {0x0a, 0x02, 'n', 'o'}));
        assertThat(service.status()).isEqualTo("5");
    }

    @Test
    void describesItselfByReflection() {
        // list_services = "*"
        Answer answer = raw(
                "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", frame(0, new byte[] {0x3a, 0x01, '*'}));
        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.messages()).isEqualTo(1);
    }

    @Test
    void sendsCallersAwayWhileItDrains() {
        draining.set(true);
        Problem problem = problem(as("good", () -> remote.auth().getMe(GetMeRequest.getDefaultInstance())));
        draining.set(false);
        assertThat(problem.code()).isEqualTo(ProblemCode.DRAINING);
    }

    @Test
    void refusesAPublicAddressWithoutMutualTls() {
        var settings = TestSettings.with(Path.of("target", "grpc-data"), Map.of("grpc.host", "0.0.0.0"));
        assertThatThrownBy(() -> Services.create(vertx, settings.section("grpc"), SECRET))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mutual TLS");
    }

    private Future<Void> stream(String generation, List<Long> items) {
        return as(
                "good",
                () -> remote.ai()
                        .streamGeneration(StreamGenerationRequest.newBuilder()
                                .setGenerationId(generation)
                                .build())
                        .compose(stream -> {
                            Promise<Void> end = Promise.promise();
                            stream.exceptionHandler(end::tryFail);
                            stream.endHandler(v -> end.tryComplete());
                            stream.handler((GenerationEvent item) -> items.add(item.getSequence()));
                            return end.future();
                        }));
    }

    private static CallContext caller(String token) {
        Principal ada = new Principal(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "?",
                "?",
                "#000000",
                Instant.now().plusSeconds(60),
                false);
        return CallContext.anonymous("request-1", TRACE).as(ada, token + ":" + "01900000-0000-7000-8000-00000000000a");
    }

    private <T> Future<T> as(String token, Supplier<Future<T>> body) {
        return call(caller(token), body);
    }

    private <T> Future<T> call(CallContext context, Supplier<Future<T>> body) {
        Promise<T> result = Promise.promise();
        vertx.runOnContext(v -> context.call(body).onComplete(result));
        return result.future();
    }

    private static Problem problem(Future<?> future) {
        return (Problem) Await.failure(future);
    }

    private static Buffer frame(int compressed, byte[] payload) {
        return Buffer.buffer()
                .appendByte((byte) compressed)
                .appendInt(payload.length)
                .appendBytes(payload);
    }

    /**
     * Speaks HTTP/2 itself: what no gRPC library would send. The body is asked for on the loop that brings it: asked from
     * here it may have passed already.
     */
    private Answer raw(String path, Buffer body, String... headers) {
        var client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(door.port())
                .setURI(path)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers");
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        return Await.result(client.request(options)
                .compose(request -> request.send(body)
                        .compose(response -> response.body().map(bytes -> {
                            String status = response.getTrailer("grpc-status");
                            String message = response.getTrailer("grpc-message");
                            return new Answer(
                                    status == null ? String.valueOf(response.getHeader("grpc-status")) : status,
                                    URLDecoder.decode(
                                            message == null
                                                    ? String.valueOf(response.getHeader("grpc-message"))
                                                    : message,
                                            StandardCharsets.UTF_8),
                                    bytes.length() == 0 ? 0 : 1);
                        })))
                .eventually(() -> client.close()));
    }
}
