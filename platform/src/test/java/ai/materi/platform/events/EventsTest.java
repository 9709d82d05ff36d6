package ai.materi.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.postgres.Postgres;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.redis.RedisGate;
import ai.materi.proto.event.v1.DocumentCreated;
import ai.materi.proto.event.v1.Event;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EventsTest {
    private static final Postgres.Schema SCHEMA =
            new Postgres.Schema("events", List.of(OutboxRelay.ROLE, "materi_writer"));
    private static final String SUBJECTS =
            "select subject from events.store where topic = 'documents' order by event_id";

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Outbox outbox = Outbox.create();
    private final String url = TestServices.freshDatabase();
    private final String redisUrl = TestServices.freshKeySpace();
    private final List<StreamConsumer> consumers = new ArrayList<>();
    private Settings events;
    private Postgres postgres;
    private RedisGate redis;
    private Database writer;
    private Database reader;

    @BeforeEach
    void open() {
        Settings settings = TestSettings.with(
                Path.of("target", "events-data"),
                Map.of("events.batch", "50", "events.poll", "20ms", "events.max_attempts", "3"));
        events = settings.section("events");
        postgres = Await.result(Postgres.start(vertx, settings.section("postgres"), url, meters));
        Await.result(postgres.migrate(SCHEMA));
        redis = Await.result(RedisGate.start(vertx, settings.section("redis"), redisUrl, meters));
        writer = postgres.as("materi_writer");
        reader = postgres.as(OutboxRelay.ROLE);
    }

    @AfterEach
    void close() {
        Await.result(Future.join(consumers.stream().map(StreamConsumer::stop).toList()));
        Await.result(postgres.close());
        Await.result(redis.close());
        Await.result(vertx.close());
        TestServices.drop(url);
    }

    @Test
    void movesCommittedFactsInOrderThroughRedisIntoTheStore() {
        OutboxRelay relay = startRelay();
        start(EventStore.create(vertx, reader, redis, events, "member", meters));
        for (int i = 0; i < 200; i++) {
            append("document-" + i);
        }
        Await.until("all are stored", () -> stored().size() == 200);
        assertThat(stored())
                .isEqualTo(java.util.stream.IntStream.range(0, 200)
                        .mapToObj(i -> "document-" + i)
                        .toList());
        assertThat(streamLength("materi:events:documents")).isEqualTo(200);
        Await.until("the outbox is empty", () -> count("select count(*) from events.outbox") == 0);
        Await.result(relay.stop());
    }

    @Test
    void keepsNothingOfATransactionThatIsRolledBack() {
        OutboxRelay relay = startRelay();
        start(EventStore.create(vertx, reader, redis, events, "member", meters));
        Await.failure(writer.transaction(transaction -> outbox.append(
                        transaction, Outbox.Topic.DOCUMENTS, event("never"))
                .compose(v -> Future.failedFuture(Problem.of(ProblemCode.CONFLICT, "Undone.")))));
        append("always");
        Await.until("the committed one is stored", () -> !stored().isEmpty());
        assertThat(stored()).containsExactly("always");
        Await.result(relay.stop());
    }

    @Test
    void movesEachFactOnceThoughManyRelaysRun() {
        List<OutboxRelay> relays = List.of(startRelay(), startRelay(), startRelay());
        for (int i = 0; i < 120; i++) {
            append("document-" + i);
        }
        Await.until("the outbox is empty", () -> count("select count(*) from events.outbox") == 0);
        assertThat(streamLength("materi:events:documents")).isEqualTo(120);
        relays.forEach(relay -> Await.result(relay.stop()));
    }

    @Test
    void letsTheRelayAndNobodyElseReadTheOutbox() {
        append("secret");
        Throwable failure = Await.failure(writer.transaction(
                transaction -> transaction.query("select * from events.outbox").execute()));
        assertThat(failure).hasMessageContaining("permission denied");
        assertThat(Await.failure(writer.transaction(transaction ->
                        transaction.query("select * from events.store").execute())))
                .hasMessageContaining("permission denied");
        assertThat(count("select count(*) from events.outbox")).isEqualTo(1);
    }

    @Test
    void givesARepeatedFactItsEffectOnce() {
        List<UUID> effects = new CopyOnWriteArrayList<>();
        Event event =
                event("twice").toBuilder().setId(UUID.randomUUID().toString()).build();
        add("materi:events:documents", Buffer.buffer(event.toByteArray()));
        add("materi:events:documents", Buffer.buffer(event.toByteArray()));
        start(consumer("once", "m1", Duration.ofSeconds(30), (transaction, facts) -> {
            facts.forEach(fact -> effects.add(fact.id()));
            return Future.succeededFuture();
        }));
        add("materi:events:documents", Buffer.buffer(event.toByteArray()));
        Await.until(
                "all are acknowledged",
                () -> meters.counter("materi.events.handled", "group", "once").count() == 3);
        assertThat(effects).containsExactly(UUID.fromString(event.getId()));
    }

    @Test
    void buriesWhatFailsForGoodWithItsCauseAndGoesOn() {
        OutboxRelay relay = startRelay();
        List<String> done = new CopyOnWriteArrayList<>();
        start(consumer("picky", "m1", Duration.ofSeconds(30), (transaction, facts) -> {
            if (facts.stream().anyMatch(fact -> fact.event().getSubject().equals("poison"))) {
                return Future.failedFuture(new IllegalStateException("it tastes bad"));
            }
            facts.forEach(fact -> done.add(fact.event().getSubject()));
            return Future.succeededFuture();
        }));
        append("first");
        append("poison");
        append("last");
        add("materi:events:documents", Buffer.buffer(new byte[] {(byte) 0xff}));
        Await.until("two are buried", () -> streamLength(ConsumerGroup.DEAD) >= 2);
        Await.until("the others are done", () -> done.contains("last"));
        assertThat(done).containsOnlyOnce("first", "last");
        assertThat(dead()).anyMatch(letter -> letter.contains("it tastes bad"));
        assertThat(dead()).anyMatch(letter -> letter.contains("not an event"));
        Await.result(relay.stop());
    }

    @Test
    void givesUpNothingWhileTheDatabaseIsAway() {
        OutboxRelay relay = startRelay();
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicBoolean tried = new AtomicBoolean();
        List<String> done = new CopyOnWriteArrayList<>();
        start(consumer("patient", "m1", Duration.ofSeconds(30), (transaction, facts) -> {
            tried.set(true);
            if (away.get()) {
                return Future.failedFuture(Problem.of(ProblemCode.UNAVAILABLE, "Away."));
            }
            facts.forEach(fact -> done.add(fact.event().getSubject()));
            return Future.succeededFuture();
        }));
        append("waits");
        Await.until("it was tried", tried::get);
        away.set(false);
        Await.until("it is done", () -> done.contains("waits"));
        assertThat(streamLength(ConsumerGroup.DEAD)).isZero();
        Await.result(relay.stop());
    }

    @Test
    void takesOverWhatADeadMemberWasGiven() {
        add(
                "materi:events:documents",
                Buffer.buffer(event("left").toBuilder()
                        .setId(UUID.randomUUID().toString())
                        .build()
                        .toByteArray()));
        ConsumerGroup dying =
                new ConsumerGroup(redis, "heirs", "dead", List.of(Outbox.Topic.DOCUMENTS), Duration.ofDays(1));
        Await.result(dying.create());
        assertThat(Await.result(dying.read(10))).hasSize(1);
        List<String> done = new CopyOnWriteArrayList<>();
        start(consumer("heirs", "heir", Duration.ofMillis(200), (transaction, facts) -> {
            facts.forEach(fact -> done.add(fact.event().getSubject()));
            return Future.succeededFuture();
        }));
        Await.until("the heir has done it", () -> done.contains("left"));
        Await.until("nothing is pending", () -> pending("heirs") == 0);
    }

    @Test
    void buriesWhatEndedItsConsumersTooOften() {
        add(
                "materi:events:documents",
                Buffer.buffer(event("fatal").toBuilder()
                        .setId(UUID.randomUUID().toString())
                        .build()
                        .toByteArray()));
        for (int i = 0; i < 4; i++) {
            ConsumerGroup dying = new ConsumerGroup(
                    redis, "victims", "dead" + i, List.of(Outbox.Topic.DOCUMENTS), Duration.ofDays(1));
            Await.result(dying.create());
            Await.result(dying.read(10));
            Await.result(dying.claim(Outbox.Topic.DOCUMENTS, Duration.ZERO, 10));
        }
        List<String> done = new CopyOnWriteArrayList<>();
        start(consumer("victims", "survivor", Duration.ofMillis(50), (transaction, facts) -> {
            facts.forEach(fact -> done.add(fact.event().getSubject()));
            return Future.succeededFuture();
        }));
        Await.until("it is buried", () -> streamLength(ConsumerGroup.DEAD) >= 1);
        assertThat(dead()).anyMatch(letter -> letter.contains("never acknowledged"));
        assertThat(done).isEmpty();
    }

    private OutboxRelay startRelay() {
        OutboxRelay relay = OutboxRelay.create(vertx, reader, redis, events, outbox, meters);
        relay.start();
        return relay;
    }

    private StreamConsumer consumer(String group, String member, Duration claimAfter, Effect effect) {
        return StreamConsumer.create(
                vertx,
                reader,
                redis,
                events,
                new StreamConsumer.Membership(group, member, List.of(Outbox.Topic.DOCUMENTS), claimAfter),
                effect,
                meters);
    }

    private void start(StreamConsumer consumer) {
        consumers.add(consumer);
        consumer.start();
    }

    private void append(String subject) {
        Await.result(
                writer.transaction(transaction -> outbox.append(transaction, Outbox.Topic.DOCUMENTS, event(subject))));
    }

    private static Event event(String subject) {
        return Event.newBuilder()
                .setSource("materi/test")
                .setType("document.created")
                .setSubject(subject)
                .setDocumentCreated(DocumentCreated.newBuilder().setTitle("T"))
                .build();
    }

    private void add(String stream, Buffer payload) {
        Await.result(redis.send(
                Request.cmd(Command.XADD).arg(stream).arg("*").arg("payload").arg(payload)));
    }

    private long streamLength(String stream) {
        return Await.result(redis.send(Request.cmd(Command.XLEN).arg(stream))).toLong();
    }

    private long pending(String group) {
        Response reply = Await.result(redis.send(
                Request.cmd(Command.XPENDING).arg("materi:events:documents").arg(group)));
        return reply.get(0).toLong();
    }

    private List<String> dead() {
        Response reply = Await.result(redis.send(
                Request.cmd(Command.XRANGE).arg(ConsumerGroup.DEAD).arg("-").arg("+")));
        List<String> letters = new ArrayList<>();
        reply.forEach(letter -> letters.add(letter.toString()));
        return letters;
    }

    private List<String> stored() {
        List<String> subjects = new ArrayList<>();
        for (Row row : Await.result(
                reader.transaction(transaction -> transaction.query(SUBJECTS).execute()))) {
            subjects.add(row.getString("subject"));
        }
        return subjects;
    }

    private long count(String sql) {
        return Await.result(
                        reader.transaction(transaction -> transaction.query(sql).execute()))
                .iterator()
                .next()
                .getLong(0);
    }
}
