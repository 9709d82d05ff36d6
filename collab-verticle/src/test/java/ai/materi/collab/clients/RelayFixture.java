package ai.materi.collab.clients;

import ai.materi.collab.RelayVerticle;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestNode;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.collab.v1.CollabService;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** A node with Relay alone, and Shield's stand-in beside it. */
public final class RelayFixture implements AutoCloseable {
    private final TestNode test;
    private final TestShield shield;

    private RelayFixture(TestNode test) {
        this.test = test;
        this.shield = TestShield.on(test.node());
        test.deploy(RelayVerticle::new).open();
    }

    /** With these settings: pairs of dotted path and value. */
    public static RelayFixture start(String... settings) {
        return new RelayFixture(TestNode.start(values(settings)));
    }

    /** Another node on the same database and Redis. */
    public RelayFixture sibling(String... settings) {
        return new RelayFixture(test.sibling(values(settings)));
    }

    public TestNode test() {
        return test;
    }

    public TestShield shield() {
        return shield;
    }

    public int port() {
        return test.node().http().port();
    }

    /** A new document that ada and bob may write and eve may read. */
    public UUID document() {
        UUID document = UUID.randomUUID();
        share(document);
        return document;
    }

    public void share(UUID document) {
        shield.put(document, "ada", Role.ROLE_EDITOR);
        shield.put(document, "bob", Role.ROLE_EDITOR);
        shield.put(document, "eve", Role.ROLE_VIEWER);
    }

    public YjsClient yjs(UUID document, String user) {
        return yjs(document.toString(), user);
    }

    /** A document or a sub-document. */
    public YjsClient yjs(String document, String user) {
        return YjsClient.open(test.node().vertx(), port(), document, TestShield.token(user));
    }

    public HocuspocusClient hocuspocus(UUID document, String user) {
        return hocuspocus(document.toString(), user);
    }

    /** A document or a sub-document. */
    public HocuspocusClient hocuspocus(String document, String user) {
        return HocuspocusClient.open(test.node().vertx(), port(), document, TestShield.token(user));
    }

    public HocuspocusClient hocuspocusBy(UUID document, String token) {
        return HocuspocusClient.open(test.node().vertx(), port(), document.toString(), token);
    }

    public RawSocket socket(String path) {
        return RawSocket.open(test.node().vertx(), port(), path);
    }

    /** Calls the contract on behalf of a user. */
    public <T> T as(String user, Function<CollabService, Future<T>> call) {
        return Await.result(calling(user, call));
    }

    public Throwable refusal(String user, Function<CollabService, Future<?>> call) {
        return Await.failure(calling(user, service -> call.apply(service).mapEmpty()));
    }

    /** The same, not waiting for the answer. */
    public <T> Future<T> calling(String user, Function<CollabService, Future<T>> call) {
        Principal principal = new Principal(
                TestShield.user(user),
                TestShield.session(user),
                user,
                user + "@example.com",
                "#112233",
                Instant.now().plusSeconds(600),
                false);
        CallContext context = new CallContext(principal, TestShield.token(user), null, "test", null);
        return Future.future(promise -> test.node()
                .vertx()
                .runOnContext(none -> context.call(
                                () -> call.apply(test.node().services().collab()))
                        .onComplete(promise)));
    }

    @Override
    public void close() {
        test.close();
    }

    private static Map<String, String> values(String... settings) {
        Map<String, String> values = new HashMap<>(Map.of("drain.notice", "0s", "collab.wire.dismiss_within", "100ms"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return values;
    }
}
