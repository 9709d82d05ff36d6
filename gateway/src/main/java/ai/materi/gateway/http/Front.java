package ai.materi.gateway.http;

import ai.materi.gateway.http.RouteTable.Match;
import ai.materi.gateway.idempotency.Claim;
import ai.materi.gateway.idempotency.IdempotencyKeys;
import ai.materi.gateway.idempotency.StoredAnswer;
import ai.materi.platform.access.Identity;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.HttpDoor;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.problem.Problems;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front of the REST interface. Every request takes the same way: find its endpoint, ask whether the present level of
 * service offers it, spend the budget of its address,
 * name its caller, spend the caller's budgets, read the body within its bound, carry it out (once, when it has an
 * idempotency key), answer, all of it before the endpoint's deadline.
 */
public final class Front implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final String BEARER = "bearer ";
    private static final int MAX_TOKEN = 8192;

    private final Vertx vertx;
    private final RouteTable routes;
    private final Identity identity;
    private final IdempotencyKeys keys;
    private final Budgets budgets;
    private final Degradation degradation;
    private final ClientAddress addresses;

    public Front(
            Vertx vertx,
            RouteTable routes,
            Identity identity,
            IdempotencyKeys keys,
            Budgets budgets,
            Degradation degradation,
            GuardOptions options) {
        this.vertx = vertx;
        this.routes = routes;
        this.identity = identity;
        this.keys = keys;
        this.budgets = budgets;
        this.degradation = degradation;
        this.addresses = new ClientAddress(options.trustedProxies());
    }

    @Override
    public void handle(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        Match match = routes.match(request.method(), request.path() == null ? "" : request.path());
        if (match instanceof Match.Found found) {
            rc.put(HttpDoor.ROUTE, found.endpoint().path());
            serve(new Call(request, found.endpoint(), found.parameters(), CallContext.current()));
        } else if (match instanceof Match.OtherMethod other) {
            otherMethod(request, other.allow());
        } else {
            refuse(request, Problem.of(ProblemCode.NOT_FOUND, "There is nothing at this path."));
        }
    }

    private void otherMethod(HttpServerRequest request, String allow) {
        request.response().putHeader(HttpHeaders.ALLOW, allow);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            ReplyWriter.write(request, Reply.empty(204));
        } else {
            refuse(request, Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path takes " + allow + "."));
        }
    }

    private static void refuse(HttpServerRequest request, Problem problem) {
        ReplyWriter.write(
                request, ProblemReplies.of(problem, CallContext.current().requestId()));
    }

    private void serve(Call call) {
        if (call.endpoint().body() != BodyKind.NONE) {
            call.request().pause();
        }
        beforeDeadline(call, admit(call).compose(admitted -> carryOut(call)))
                .recover(failure -> Future.succeededFuture(
                        refusal(Problems.settle(failure, call.endpoint().path()), call)))
                .onSuccess(reply -> {
                    ReplyWriter.write(call, reply);
                    budgets.learn(call);
                })
                .onFailure(defect -> LOG.error("An answer could not be written", defect));
    }

    private Future<Void> admit(Call call) {
        return offered(call)
                .compose(offered -> budgets.address(call, addresses.of(call.request())))
                .compose(counted -> authenticate(call))
                .compose(principal -> spend(call, principal))
                .compose(counted -> receive(call));
    }

    private Future<Void> offered(Call call) {
        return Future.succeededFuture().map(start -> {
            Degradation.Feature needed = call.endpoint().needs();
            if (needed != null) {
                degradation.require(needed);
            }
            return null;
        });
    }

    private Future<@Nullable Principal> authenticate(Call call) {
        @Nullable String token = token(call.request());
        return switch (call.endpoint().access()) {
            case OPEN, SIGN_IN -> Future.succeededFuture();
            case OPTIONAL ->
                token == null
                        ? Future.succeededFuture()
                        : bear(call, token).recover(anonymous -> Future.succeededFuture());
            case BEARER -> token == null ? unauthenticated() : bear(call, token);
            case BEARER_OR_TICKET -> token == null ? redeem(call) : bear(call, token);
            case BEARER_OR_QUERY -> token == null ? fromQuery(call) : bear(call, token);
            case BEARER_OR_SHARE -> token == null ? fromLink(call) : bear(call, token);
        };
    }

    private static @Nullable String token(HttpServerRequest request) {
        @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        return header.substring(BEARER.length()).strip();
    }

    private static Future<@Nullable Principal> unauthenticated() {
        return Future.failedFuture(
                Problem.of(ProblemCode.UNAUTHENTICATED, "Send an access token as 'Authorization: Bearer …'."));
    }

    private Future<@Nullable Principal> bear(Call call, String token) {
        if (token.isEmpty() || token.length() > MAX_TOKEN) {
            return Future.failedFuture(Problem.of(ProblemCode.INVALID_TOKEN, "This is no access token."));
        }
        return identity.verify(token).map(principal -> actAs(call, principal, token));
    }

    private Future<@Nullable Principal> redeem(Call call) {
        @Nullable String ticket = call.query("ticket").orElse(null);
        @Nullable UUID document = call.queryId("document_id").orElse(null);
        if (ticket == null || document == null) {
            return unauthenticated();
        }
        return identity.redeem(ticket, document).map(principal -> actAs(call, principal, null));
    }

    /** An access token is a JWT (RFC 7519): three parts between dots. */
    private Future<@Nullable Principal> fromQuery(Call call) {
        String given = call.query("token")
                .or(() -> call.query("ticket"))
                .or(() -> call.query("share"))
                .orElse("");
        if (given.isEmpty()) {
            return unauthenticated();
        }
        return given.indexOf('.') >= 0 ? bear(call, given) : redeem(call, given);
    }

    private Future<@Nullable Principal> fromLink(Call call) {
        String given = call.query("share").orElse("");
        return given.isEmpty() ? unauthenticated() : redeem(call, given);
    }

    private Future<@Nullable Principal> redeem(Call call, String given) {
        return identity.redeem(given, call.id("id")).map(principal -> actAs(call, principal, null));
    }

    private static Principal actAs(Call call, Principal principal, @Nullable String token) {
        CallContext arrived = call.context();
        call.actAs(arrived.as(principal, token)
                .until(Instant.now().plus(call.endpoint().deadline())));
        return principal;
    }

    private Future<Void> spend(Call call, @Nullable Principal principal) {
        return principal == null
                ? Future.succeededFuture()
                : budgets.user(call, principal.userId())
                        .compose(counted -> budgets.workspace(call, principal.userId()));
    }

    private static Future<Void> receive(Call call) {
        if (call.endpoint().body() == BodyKind.NONE) {
            return Future.succeededFuture();
        }
        return BodyReader.read(call.request(), call.endpoint().body()).map(body -> {
            call.received(body);
            return null;
        });
    }

    /** In the context of the caller: every request has a Vert.x context of its own. */
    private Future<Reply> carryOut(Call call) {
        call.context().enter();
        @Nullable String key = call.endpoint().idempotent() ? call.header("Idempotency-Key") : null;
        Future<Reply> outcome = key == null ? call.endpoint().useCase().run(call) : once(call, key);
        return outcome.compose(reply -> reply instanceof Reply.Content content
                ? call.endpoint().presentation().show(call, content)
                : Future.succeededFuture(reply));
    }

    private Future<Reply> once(Call call, String key) {
        UUID user = call.principal().userId();
        String path = call.request().path();
        byte[] print = IdempotencyKeys.fingerprint(call.endpoint().method().name(), path, call.body());
        return keys.claim(user, key, call.resourceId(), print)
                .compose(claim -> claim instanceof Claim.Answered answered
                        ? Future.succeededFuture(replay(answered.answer()))
                        : first(call, user, key, (Claim.Fresh) claim));
    }

    private static Reply replay(StoredAnswer stored) {
        Reply.Content reply = new Reply.Content(
                stored.status(),
                stored.headers().stream()
                        .map(header -> Map.entry(header.getKey(), String.valueOf(header.getValue())))
                        .toList(),
                stored.body());
        return reply.with("idempotency-replayed", "true");
    }

    private Future<Reply> first(Call call, UUID user, String key, Claim.Fresh claim) {
        call.resumeAs(claim.resourceId());
        return Future.succeededFuture()
                .compose(start -> call.endpoint().useCase().run(call))
                .recover(failure -> lastingRefusal(failure, call))
                .compose(reply -> settle(user, key, reply).map(reply))
                .recover(failure -> keys.released(user, key).transform(released -> Future.failedFuture(failure)));
    }

    /** A refusal that would be the same next time is an answer like any other; what may pass is not kept. */
    private static Future<Reply> lastingRefusal(Throwable failure, Call call) {
        return failure instanceof Problem problem && isLasting(problem.code())
                ? Future.succeededFuture(refusal(problem, call))
                : Future.failedFuture(failure);
    }

    private static Reply refusal(Problem problem, Call call) {
        return ProblemReplies.of(
                FieldPlace.shown(problem, call.endpoint()), call.context().requestId());
    }

    private static boolean isLasting(ProblemCode code) {
        return code.httpStatus() < 500 && code.httpStatus() != 401 && code.httpStatus() != 429;
    }

    private Future<Void> settle(UUID user, String key, Reply reply) {
        return reply instanceof Reply.Content content
                ? keys.answered(
                        user,
                        key,
                        new StoredAnswer(content.status(), IdempotencyKeys.headers(content.headers()), content.body()))
                : Future.succeededFuture();
    }

    private Future<Reply> beforeDeadline(Call call, Future<Reply> reply) {
        if (reply.isComplete()) {
            return reply;
        }
        Promise<Reply> first = Promise.promise();
        long timer = vertx.setTimer(
                call.endpoint().deadline().toMillis(),
                late -> first.tryFail(Problem.of(
                        ProblemCode.TIMED_OUT,
                        "There was no answer within "
                                + call.endpoint().deadline().toSeconds() + " seconds.")));
        reply.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.failed()) {
                first.tryFail(done.cause());
            } else if (!first.tryComplete(done.result())) {
                done.result().drop();
            }
        });
        return first.future();
    }
}
