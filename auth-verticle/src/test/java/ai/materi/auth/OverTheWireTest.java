package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestNode;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.Me;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.Workspace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Shield as a node sees it that does not run it. */
class OverTheWireTest {
    private static ShieldHost shield;
    private static TestNode elsewhere;
    private static Person ada;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
        elsewhere = shield.sibling();
        ada = shield.signedIn("ada@demo.materi.local", "materi-demo-1");
    }

    @AfterAll
    static void stop() {
        elsewhere.close();
        shield.close();
    }

    @Test
    void knowsTheCallerByTheirToken() {
        Me me = Await.result(asAda(auth -> auth.getMe(GetMeRequest.getDefaultInstance())));
        assertThat(me.getUser().getEmail()).isEqualTo("ada@demo.materi.local");
    }

    @Test
    void answersLikeNextDoor() {
        GetWorkspaceRequest request =
                GetWorkspaceRequest.newBuilder().setWorkspace("demo").build();
        Workspace workspace = Await.result(asAda(auth -> auth.getWorkspace(request)));
        assertThat(workspace).isEqualTo(shield.as(ada, auth -> auth.getWorkspace(request)));
    }

    @Test
    void refusesInTheSameWords() {
        GetWorkspaceRequest request =
                GetWorkspaceRequest.newBuilder().setWorkspace("nowhere").build();
        Problem there = (Problem) Await.failure(asAda(auth -> auth.getWorkspace(request)));
        Problem here = shield.refusalAs(ada, auth -> auth.getWorkspace(request));
        assertThat(there.code()).isEqualTo(here.code());
        assertThat(there.detail()).isEqualTo(here.detail());
    }

    @Test
    void letsStrangersSignIn() {
        LoginRequest wrong = LoginRequest.newBuilder()
                .setEmail("ada@demo.materi.local")
                .setPassword("not-the-password")
                .build();
        Problem problem = (Problem) Await.failure(call(CallContext.anonymous("test", null), auth -> auth.login(wrong)));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_CREDENTIALS);
    }

    @Test
    void namesTheWrongField() {
        RegisterRequest wrong = RegisterRequest.newBuilder().setEmail("nobody").build();
        Problem problem =
                (Problem) Await.failure(call(CallContext.anonymous("test", null), auth -> auth.register(wrong)));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", "email");
    }

    private static <T> Future<T> asAda(Function<AuthService, Future<T>> work) {
        return call(
                CallContext.anonymous("test", null)
                        .as(ada.principal(), ada.session().getAccessToken()),
                work);
    }

    private static <T> Future<T> call(CallContext context, Function<AuthService, Future<T>> work) {
        Promise<T> answer = Promise.promise();
        elsewhere
                .node()
                .vertx()
                .runOnContext(started -> context.call(
                                () -> work.apply(elsewhere.node().services().auth()))
                        .onComplete(answer));
        return answer.future();
    }
}
