package ai.materi.collab.clients;

import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Node;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcService;
import ai.materi.proto.auth.v1.AuthServiceService;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shield for tests of this module alone: tokens are {@code user.session.seconds}, tickets {@code user}, and everybody may
 * do what was allowed here.
 */
public final class TestShield extends AuthServiceService {
    private static final UUID WORKSPACE = UUID.fromString("00000000-0000-7000-8000-0000000000aa");

    private final Map<String, Role> roles = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AccessFeed feed;

    private TestShield(AccessFeed feed) {
        this.feed = feed;
    }

    /** Offers itself on a node. */
    public static TestShield on(Node node) {
        TestShield shield = new TestShield(node.access());
        node.services().offer(AuthService.class, shield, AuthServiceGrpcService.of(shield));
        return shield;
    }

    public static UUID user(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public static String token(String name) {
        return name + ".one.600";
    }

    public static UUID session(String name) {
        return UUID.nameUUIDFromBytes((name + ".one").getBytes(StandardCharsets.UTF_8));
    }

    /** Null takes everything away. Tells nobody. */
    public void put(UUID document, String name, Role role) {
        roles.put(key(document, user(name)), role);
    }

    public void allow(UUID document, String name, Role role) {
        put(document, name, role);
        Await.result(feed.publishChange(new AccessFeed.Change(WORKSPACE, document, user(name))));
    }

    public void forbid(UUID document, String name) {
        roles.remove(key(document, user(name)));
        Await.result(feed.publishChange(new AccessFeed.Change(WORKSPACE, document, user(name))));
    }

    public void end(String name) {
        ended.add(name + ".one");
        Await.result(feed.publishRevocation(session(name)));
    }

    @Override
    public Future<Principal> validateToken(ValidateTokenRequest request) {
        String[] parts = request.getToken().split("\\.", -1);
        if (parts.length != 3 || ended.contains(parts[0] + "." + parts[1])) {
            return Future.failedFuture(Problem.of(ProblemCode.INVALID_TOKEN, "The token is not valid."));
        }
        return Future.succeededFuture(principal(parts[0], parts[0] + "." + parts[1], Long.parseLong(parts[2])));
    }

    @Override
    public Future<Principal> redeemTicket(RedeemTicketRequest request) {
        return Future.succeededFuture(principal(request.getTicket(), request.getTicket() + ".one", 600));
    }

    @Override
    public Future<Authorization> authorize(AuthorizeRequest request) {
        var caller = CallContext.current().requirePrincipal();
        Role role = roles.get(key(UUID.fromString(request.getDocumentId()), caller.userId()));
        if (role == null) {
            return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such document."));
        }
        boolean writes = role.getNumber() >= Role.ROLE_EDITOR_VALUE;
        return Future.succeededFuture(Authorization.newBuilder()
                .setAllowed(writes || request.getAction() == Action.ACTION_READ)
                .setRole(role)
                .setWorkspaceId(WORKSPACE.toString())
                .setState(DocumentState.DOCUMENT_STATE_ACTIVE)
                .build());
    }

    private static Principal principal(String name, String session, long seconds) {
        return Principal.newBuilder()
                .setUserId(user(name).toString())
                .setSessionId(UUID.nameUUIDFromBytes(session.getBytes(StandardCharsets.UTF_8))
                        .toString())
                .setName(name)
                .setEmail(name + "@example.com")
                .setColor("#112233")
                .setExpiresAtMs(System.currentTimeMillis() + seconds * 1_000)
                .build();
    }

    private static String key(UUID document, UUID user) {
        return document + "/" + user;
    }
}
