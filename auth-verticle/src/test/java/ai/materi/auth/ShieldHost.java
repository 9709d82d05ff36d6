package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.auth.tokens.KeyEncryptionKey;
import ai.materi.auth.tokens.Seal;
import ai.materi.platform.access.AccessFeed.Change;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Node;
import ai.materi.platform.node.TestNode;
import ai.materi.platform.problem.Problem;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.CreateWorkspaceRequest;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.PutMemberRequest;
import ai.materi.proto.auth.v1.RegisterDocumentRequest;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.Session;
import ai.materi.proto.auth.v1.SetDocumentStateRequest;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import ai.materi.proto.event.v1.Event;
import com.fasterxml.uuid.Generators;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node that runs Shield, on a database of its own, and the people who call it. */
public final class ShieldHost implements AutoCloseable {
    private static final String PASSWORD = "Schlüsselblume-Regal-71";

    private final TestNode testNode;
    private final Pool owner;
    private final AtomicInteger people = new AtomicInteger();
    private final List<UUID> revocations = new CopyOnWriteArrayList<>();
    private final List<Change> changes = new CopyOnWriteArrayList<>();

    private ShieldHost(TestNode testNode) {
        this.testNode = testNode;
        this.owner = PgBuilder.pool()
                .connectingTo(testNode.databaseUrl())
                .with(new PoolOptions().setMaxSize(2))
                .using(testNode.node().vertx())
                .build();
        node().access().onSessionRevoked(revocations::add);
        node().access().onChange(changes::add);
    }

    /** The development profile with these settings by dotted path. */
    public static ShieldHost start(Map<String, String> settings) {
        ShieldHost host = new ShieldHost(TestNode.start(settings));
        host.deployAgain();
        host.testNode.open();
        return host;
    }

    public void deployAgain() {
        testNode.deploy(AuthVerticle::new);
    }

    /** A node that calls this one over the wire. */
    public TestNode sibling() {
        int port = testNode.boot().grpcPort();
        return testNode.sibling(Map.of("grpc.peers.auth", "127.0.0.1:" + port));
    }

    public Node node() {
        return testNode.node();
    }

    /** Of the signing keys. */
    public Seal seal() {
        return KeyEncryptionKey.load(node().settings().section("auth"));
    }

    @Override
    public void close() {
        Await.result(owner.close());
        testNode.close();
    }

    // --- calls
    // ----------------------------------------------------------------------------------------------------------

    public <T> Future<T> start(Function<AuthService, Future<T>> call) {
        return within(CallContext.anonymous("test", null), call);
    }

    public <T> Future<T> startAs(Person person, Function<AuthService, Future<T>> call) {
        return within(
                CallContext.anonymous("test", null)
                        .as(person.principal(), person.session().getAccessToken()),
                call);
    }

    public <T> T call(Function<AuthService, Future<T>> call) {
        return Await.result(start(call));
    }

    public <T> T as(Person person, Function<AuthService, Future<T>> call) {
        return Await.result(startAs(person, call));
    }

    public <T> AsyncResult<T> settled(Function<AuthService, Future<T>> call) {
        Future<T> future = start(call);
        settle(List.of(future));
        return future;
    }

    public Problem refusal(Function<AuthService, Future<?>> call) {
        return problem(start(auth -> call.apply(auth).mapEmpty()));
    }

    public Problem refusalAs(Person person, Function<AuthService, Future<?>> call) {
        return problem(startAs(person, auth -> call.apply(auth).mapEmpty()));
    }

    public <T> void settle(List<Future<T>> futures) {
        Await.result(Future.join(futures).transform(done -> Future.succeededFuture()));
    }

    private <T> Future<T> within(CallContext context, Function<AuthService, Future<T>> call) {
        Promise<T> answer = Promise.promise();
        node().vertx()
                .runOnContext(started ->
                        context.call(() -> call.apply(node().services().auth())).onComplete(answer));
        return answer.future();
    }

    private static Problem problem(Future<?> refused) {
        Throwable failure = Await.failure(refused);
        assertThat(failure).isInstanceOf(Problem.class);
        return (Problem) failure;
    }

    // --- people and what they have
    // ---------------------------------------------------------------------------------------

    /** Somebody new of this name. */
    public Person person(String name) {
        RegisterRequest request = RegisterRequest.newBuilder()
                .setEmail(name + people.incrementAndGet() + "@people.example")
                .setPassword(PASSWORD)
                .setName(name)
                .build();
        return person(call(auth -> auth.register(request)), PASSWORD);
    }

    public Person signedIn(String email, String password) {
        LoginRequest request =
                LoginRequest.newBuilder().setEmail(email).setPassword(password).build();
        return person(call(auth -> auth.login(request)), password);
    }

    private Person person(Session session, String password) {
        ValidateTokenRequest request = ValidateTokenRequest.newBuilder()
                .setToken(session.getAccessToken())
                .build();
        ai.materi.proto.auth.v1.Principal verified = call(auth -> auth.validateToken(request));
        Principal principal = new Principal(
                UUID.fromString(verified.getUserId()),
                UUID.fromString(verified.getSessionId()),
                verified.getName(),
                verified.getEmail(),
                verified.getColor(),
                Instant.ofEpochMilli(verified.getExpiresAtMs()),
                verified.getAgent());
        return new Person(session, principal, password);
    }

    /** The id of a new workspace. */
    public String workspace(Person founder) {
        CreateWorkspaceRequest request =
                CreateWorkspaceRequest.newBuilder().setName("Workspace").build();
        return as(founder, auth -> auth.createWorkspace(request)).getId();
    }

    public Member join(Person admin, String workspace, Person whom, Role role) {
        PutMemberRequest request = PutMemberRequest.newBuilder()
                .setWorkspace(workspace)
                .setUserId(whom.idText())
                .setRole(role)
                .build();
        return as(admin, auth -> auth.putMember(request));
    }

    /** The id of a new document. */
    public UUID document(Person author, String workspace) {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        RegisterDocumentRequest request = RegisterDocumentRequest.newBuilder()
                .setDocumentId(id.toString())
                .setWorkspace(workspace)
                .build();
        as(author, auth -> auth.registerDocument(request));
        return id;
    }

    public void setState(Person person, UUID document, DocumentState state) {
        SetDocumentStateRequest request = SetDocumentStateRequest.newBuilder()
                .setDocumentId(document.toString())
                .setState(state)
                .build();
        as(person, auth -> auth.setDocumentState(request));
    }

    // --- what others see
    // -------------------------------------------------------------------------------------------------

    public void awaitRevocation(UUID sessionId) {
        Await.until("every node hears that " + sessionId + " has ended", () -> revocations.contains(sessionId));
    }

    public void awaitChange(UUID workspaceId, @Nullable UUID documentId, @Nullable UUID userId) {
        Change change = new Change(workspaceId, documentId, userId);
        Await.until("every node hears of " + change, () -> changes.contains(change));
    }

    public double counter(String name, String tag, String value) {
        return node().meters().counter(name, tag, value).count();
    }

    /** At least so many facts of this type about this subject, the oldest first, still in the outbox or on their way. */
    public List<Event> events(String type, String subject, int atLeast) {
        List<Event> seen = new CopyOnWriteArrayList<>();
        Await.until(atLeast + " facts " + type + " about " + subject, () -> {
            seen.clear();
            seen.addAll(events(type, subject));
            return seen.size() >= atLeast;
        });
        return seen;
    }

    public Event onlyEvent(String type, String subject) {
        List<Event> events = events(type, subject, 1);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private List<Event> events(String type, String subject) {
        return rows("select payload from events.outbox union select payload from events.store").stream()
                .map(row -> event(row.getBuffer("payload")))
                .filter(event ->
                        event.getType().equals(type) && event.getSubject().equals(subject))
                .sorted(Comparator.comparing(Event::getId))
                .toList();
    }

    private static Event event(Buffer payload) {
        try {
            return Event.parseFrom(payload.getBytes());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    // --- as the owner of the database
    // --------------------------------------------------------------------------------------

    private RowSet<Row> rows(String sql) {
        return Await.result(owner.query(sql).execute());
    }

    public void execute(String sql) {
        rows(sql);
    }

    /** Commits this only after the rest was done. */
    public void holding(String sql, Runnable rest) {
        Await.result(owner.withTransaction(transaction -> transaction
                .query(sql)
                .execute()
                .compose(done -> node().vertx().executeBlocking(() -> {
                    rest.run();
                    return null;
                }))));
    }

    public long count(String sql) {
        return rows(sql).iterator().next().getLong(0);
    }

    public Buffer buffer(String sql) {
        return rows(sql).iterator().next().getBuffer(0);
    }
}
