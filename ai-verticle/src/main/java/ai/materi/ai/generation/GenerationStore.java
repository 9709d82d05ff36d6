package ai.materi.ai.generation;

import ai.materi.platform.events.Outbox;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.Citation;
import ai.materi.proto.ai.v1.Failure;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.Usage;
import ai.materi.proto.event.v1.Event;
import ai.materi.proto.event.v1.GenerationEnded;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;

/** The table of generations, through the eyes of the user who asked for them. */
public final class GenerationStore {
    private static final String INSERT = """
            insert into ai.generations (id, user_id, document_id, model, provider, status)
            values ($1, $2, $3, $4, $5, 'running')
            returning created_at
            """;
    private static final String END = """
            update ai.generations
            set status = $2, text = $3, citations = $4, input_tokens = $5, output_tokens = $6,
                error_code = $7, error_detail = $8, ended_at = now()
            where id = $1 and status = 'running'
            """;
    private static final String SELECT = "select * from ai.generations where id = $1";

    private final Database database;
    private final Outbox outbox;
    private final Duration longestRun;

    /** @param longestRun a row that still runs after twice that was left behind by a node that died */
    public GenerationStore(Database database, Outbox outbox, Duration longestRun) {
        this.database = database;
        this.outbox = outbox;
        this.longestRun = longestRun;
    }

    Future<Void> insert(UUID user, Generation generation) {
        Tuple values = Tuple.of(
                UUID.fromString(generation.getId()),
                user,
                generation.getDocumentId().isEmpty() ? null : UUID.fromString(generation.getDocumentId()),
                generation.getModel(),
                generation.getProvider());
        return database.asUser(user, sql -> sql.preparedQuery(INSERT).execute(values))
                .mapEmpty();
    }

    /** Writes the end and states the fact, in one transaction. */
    Future<Void> end(UUID user, Generation generation) {
        String status = word(generation.getStatus());
        JsonArray citations = new JsonArray();
        for (Citation citation : generation.getCitationsList()) {
            citations.add(new JsonObject()
                    .put("block", citation.getBlock())
                    .put("quote", citation.getQuote())
                    .put("at", citation.getAt()));
        }
        Tuple values = Tuple.of(
                UUID.fromString(generation.getId()),
                status,
                generation.getText().replace("\0", ""),
                citations,
                generation.getUsage().getInputTokens(),
                generation.getUsage().getOutputTokens());
        values.addString(generation.hasError() ? generation.getError().getCode() : null);
        values.addString(generation.hasError() ? generation.getError().getDetail() : null);
        Event fact = Event.newBuilder()
                .setSource("materi/ai")
                .setType("generation.ended")
                .setSubject(generation.getId())
                .setActorId(user.toString())
                .setGenerationEnded(GenerationEnded.newBuilder()
                        .setStatus(status)
                        .setModel(generation.getModel())
                        .setInputTokens(generation.getUsage().getInputTokens())
                        .setOutputTokens(generation.getUsage().getOutputTokens()))
                .build();
        return database.asUser(
                user,
                sql -> sql.preparedQuery(END)
                        .execute(values)
                        .compose(done -> outbox.append(sql, Outbox.Topic.AI, fact)));
    }

    Future<Generation> get(UUID user, UUID id) {
        return database.asUser(user, sql -> sql.preparedQuery(SELECT).execute(Tuple.of(id)))
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such generation."))
                        : Future.succeededFuture(read(rows.iterator().next())));
    }

    private Generation read(Row row) {
        Generation.Builder generation = Generation.newBuilder()
                .setId(row.getUUID("id").toString())
                .setStatus(GenerationStatus.valueOf(
                        "GENERATION_STATUS_" + row.getString("status").toUpperCase(Locale.ROOT)))
                .setModel(row.getString("model"))
                .setProvider(row.getString("provider"))
                .setText(row.getString("text"))
                .setUsage(Usage.newBuilder()
                        .setInputTokens(row.getInteger("input_tokens"))
                        .setOutputTokens(row.getInteger("output_tokens")))
                .setCreatedAt(row.getOffsetDateTime("created_at").toInstant().toString());
        UUID document = row.getUUID("document_id");
        if (document != null) {
            generation.setDocumentId(document.toString());
        }
        for (Object item : row.getJsonArray("citations")) {
            JsonObject citation = (JsonObject) item;
            generation.addCitations(Citation.newBuilder()
                    .setBlock(citation.getString("block"))
                    .setQuote(citation.getString("quote"))
                    .setAt(citation.getInteger("at")));
        }
        OffsetDateTime ended = row.getOffsetDateTime("ended_at");
        if (ended != null) {
            generation.setEndedAt(ended.toInstant().toString());
        }
        String code = row.getString("error_code");
        if (code != null) {
            generation.setError(Failure.newBuilder().setCode(code).setDetail(row.getString("error_detail")));
        }
        return interruptedIfLeftBehind(generation, row.getOffsetDateTime("created_at"));
    }

    private Generation interruptedIfLeftBehind(Generation.Builder generation, OffsetDateTime created) {
        boolean leftBehind = generation.getStatus() == GenerationStatus.GENERATION_STATUS_RUNNING
                && created.plus(longestRun.multipliedBy(2)).isBefore(OffsetDateTime.now(ZoneOffset.UTC));
        if (leftBehind) {
            generation
                    .setStatus(GenerationStatus.GENERATION_STATUS_ERROR)
                    .setError(Failure.newBuilder()
                            .setCode(ProblemCode.UNAVAILABLE.code())
                            .setDetail("The node that ran this generation was lost."));
        }
        return generation.build();
    }

    static String word(GenerationStatus status) {
        return status.name().substring("GENERATION_STATUS_".length()).toLowerCase(Locale.ROOT);
    }
}
