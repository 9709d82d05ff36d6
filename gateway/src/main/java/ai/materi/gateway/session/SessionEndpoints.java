package ai.materi.gateway.session;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Budgets;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.GetJwksRequest;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.GetRegistrationRequest;
import ai.materi.proto.auth.v1.IssueTicketRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.LogoutRequest;
import ai.materi.proto.auth.v1.RefreshRequest;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.Session;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /api/v1/auth/*} and the key set. Programs get the refresh token in the body and send it there; our own page says
 * {@code Materi-Client: browser} and gets it as a cookie that scripts cannot read. That header is the check against
 * cross-site request forgery: another site cannot send it without a CORS preflight, which is refused.
 */
public final class SessionEndpoints {
    private static final String AUTH = "/api/v1/auth";
    private static final int MAX_EMAIL = 254;
    private static final int MAX_PASSWORD = 128;
    private static final int MAX_TOKEN = 1024;

    private final Services services;
    private final Budgets budgets;
    private final RefreshCookie cookie;

    /** With {@code secureCookies}, cookies are marked Secure even when the request came in plain. */
    public SessionEndpoints(Services services, Budgets budgets, boolean secureCookies) {
        this.services = services;
        this.budgets = budgets;
        this.cookie = new RefreshCookie(AUTH, secureCookies);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(AUTH + "/registration", this::registration)
                        .access(Access.OPEN)
                        .servedAlways(),
                Endpoint.post(AUTH + "/register", this::register)
                        .access(Access.SIGN_IN)
                        .needs(Feature.SIGN_IN)
                        .neverReplayed(),
                Endpoint.post(AUTH + "/login", this::login)
                        .access(Access.SIGN_IN)
                        .needs(Feature.SIGN_IN)
                        .neverReplayed(),
                Endpoint.post(AUTH + "/refresh", this::refresh)
                        .access(Access.OPEN)
                        .body(BodyKind.OPTIONAL_JSON)
                        .neverReplayed(),
                Endpoint.post(AUTH + "/logout", this::logout)
                        .access(Access.OPTIONAL)
                        .body(BodyKind.OPTIONAL_JSON)
                        .neverReplayed(),
                Endpoint.get(AUTH + "/me", this::me),
                Endpoint.post(AUTH + "/tickets", this::ticket).neverReplayed(),
                Endpoint.get("/.well-known/jwks.json", this::keys)
                        .access(Access.OPEN)
                        .servedAlways());
    }

    private Future<Reply> registration(Call call) {
        return services.auth()
                .getRegistration(GetRegistrationRequest.getDefaultInstance())
                .map(registration -> Reply.json(
                        200,
                        new JsonObject().put("mode", registration.getMode()).put("demo", registration.getDemo())));
    }

    private Future<Reply> register(Call call) {
        Fields fields = call.json();
        RegisterRequest request = RegisterRequest.newBuilder()
                .setEmail(fields.text("email", 1, MAX_EMAIL))
                .setPassword(fields.text("password", 1, MAX_PASSWORD))
                .setName(fields.optionalLine("name", 80).orElse(""))
                .setInvitation(fields.optionalText("invitation", 0, MAX_TOKEN).orElse(""))
                .build();
        fields.end();
        return budgets.account(call, account(request.getEmail()))
                .compose(counted -> services.auth().register(request))
                .map(session -> begun(call, 201, session));
    }

    private Future<Reply> login(Call call) {
        Fields fields = call.json();
        LoginRequest request = LoginRequest.newBuilder()
                .setEmail(fields.text("email", 1, MAX_EMAIL))
                .setPassword(fields.text("password", 1, MAX_PASSWORD))
                .build();
        fields.end();
        return budgets.account(call, account(request.getEmail()))
                .compose(counted -> services.auth().login(request))
                .map(session -> begun(call, 200, session));
    }

    private static String account(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    private Future<Reply> refresh(Call call) {
        String token = presented(call)
                .orElseThrow(() -> cookie.isBrowser(call)
                        ? Problem.of(ProblemCode.INVALID_TOKEN, "There is no session to continue.")
                        : Fields.invalid("#/refresh_token", "'refresh_token' is required and is text."));
        return services.auth()
                .refresh(RefreshRequest.newBuilder().setRefreshToken(token).build())
                .map(session -> begun(call, 200, session));
    }

    private Future<Reply> logout(Call call) {
        Optional<String> token = presented(call);
        if (token.isEmpty() && call.context().principal() == null) {
            throw Problem.of(
                    ProblemCode.UNAUTHENTICATED, "Name the session to end by an access token or a refresh token.");
        }
        LogoutRequest request =
                LogoutRequest.newBuilder().setRefreshToken(token.orElse("")).build();
        return services.auth().logout(request).map(ended -> {
            Reply.Content reply = Reply.empty(204);
            return cookie.isBrowser(call) ? reply.with("set-cookie", cookie.ending(call)) : reply;
        });
    }

    /** A browser's token comes from its cookie alone, a program's from the body alone. */
    private Optional<String> presented(Call call) {
        Fields fields = call.json();
        if (cookie.isBrowser(call)) {
            fields.end();
            return cookie.read(call);
        }
        Optional<String> token = fields.optionalText("refresh_token", 1, MAX_TOKEN);
        fields.end();
        return token;
    }

    private Reply begun(Call call, int status, Session session) {
        JsonObject body = new JsonObject()
                .put("access_token", session.getAccessToken())
                .put("token_type", "Bearer")
                .put("expires_in", session.getExpiresIn());
        if (!cookie.isBrowser(call)) {
            body.put("refresh_token", session.getRefreshToken())
                    .put("refresh_expires_in", session.getRefreshExpiresIn());
        }
        Reply.Content reply = Reply.json(status, body.put("user", Users.json(session.getUser())))
                .with("cache-control", "no-store");
        return cookie.isBrowser(call) ? reply.with("set-cookie", cookie.holding(call, session)) : reply;
    }

    private Future<Reply> me(Call call) {
        return services.auth()
                .getMe(GetMeRequest.getDefaultInstance())
                .map(me -> Reply.json(200, Users.json(me.getUser()).put("session_id", me.getSessionId())));
    }

    private Future<Reply> ticket(Call call) {
        Fields fields = call.json();
        UUID document = fields.optionalUuid("document_id")
                .orElseThrow(() -> fields.invalidMember("document_id", "'document_id' is required and is a UUID."));
        fields.end();
        return services.auth()
                .issueTicket(IssueTicketRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .build())
                .map(ticket -> Reply.json(
                                201,
                                new JsonObject()
                                        .put("ticket", ticket.getTicket())
                                        .put("expires_in", ticket.getExpiresIn()))
                        .with("cache-control", "no-store"));
    }

    private Future<Reply> keys(Call call) {
        return services.auth()
                .getJwks(GetJwksRequest.getDefaultInstance())
                .map(keys -> Reply.of(200, "application/jwk-set+json", Buffer.buffer(keys.getJson()))
                        .with("cache-control", "public, max-age=300"));
    }
}
