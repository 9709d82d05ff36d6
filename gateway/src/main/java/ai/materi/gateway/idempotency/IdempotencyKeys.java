package ai.materi.gateway.idempotency;

import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.UUID;

/**
 * {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a user's key names one request for 24 hours. The row is
 * claimed before the request runs and answered after it; a claim that a crash left behind may be taken over after a minute,
 * with the resource id of the first attempt.
 */
public final class IdempotencyKeys {
    private static final int MAX_KEY = 255;
    private static final int MAX_STORED = 1 << 20;

    private static final String CLAIM = "select * from api.claim_key($1, $2, $3, $4)";
    private static final String ANSWER = "select api.answer_key($1, $2, $3, $4, $5)";
    private static final String RELEASE = "select api.release_key($1, $2)";
    private static final String SWEEP = """
            delete from api.idempotency_keys
            where (user_id, key) in (
                select user_id, key from api.idempotency_keys where created_at < now() - interval '24 hours' limit 10000)
            """;

    private final Database database;
    private final Database sweeper;

    public IdempotencyKeys(Database database, Database sweeper) {
        this.database = database;
        this.sweeper = sweeper;
    }

    /** Fails with {@code idempotency_mismatch}, {@code idempotency_in_progress} or {@code invalid_request}. */
    public Future<Claim> claim(UUID user, String key, UUID resourceId, byte[] fingerprint) {
        if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return Future.failedFuture(Problem.of(
                    ProblemCode.INVALID_REQUEST,
                    "Idempotency-Key has 1 to " + MAX_KEY + " visible ASCII characters.",
                    Map.of("header", "Idempotency-Key")));
        }
        return database.client()
                .preparedQuery(CLAIM)
                .execute(Tuple.of(user, key, resourceId, Buffer.buffer(fingerprint)))
                .compose(rows -> claim(rows.iterator().next()));
    }

    private static Future<Claim> claim(Row row) {
        return switch (row.getString("r_outcome")) {
            case "fresh" -> Future.succeededFuture(new Claim.Fresh(row.getUUID("r_resource")));
            case "answered" ->
                Future.succeededFuture(new Claim.Answered(new StoredAnswer(
                        row.getInteger("r_status"), row.getJsonObject("r_headers"), row.getBuffer("r_body"))));
            case "mismatch" ->
                Future.failedFuture(Problem.of(
                        ProblemCode.IDEMPOTENCY_MISMATCH, "This Idempotency-Key came with another request before."));
            default ->
                Future.failedFuture(Problem.of(
                        ProblemCode.IDEMPOTENCY_IN_PROGRESS,
                        "The first request with this Idempotency-Key is still running.",
                        Map.of("retry_after", 1)));
        };
    }

    /** Keeps the answer; one too large to keep frees the key. */
    public Future<Void> answered(UUID user, String key, StoredAnswer answer) {
        if (answer.body().length() > MAX_STORED) {
            return released(user, key);
        }
        return database.client()
                .preparedQuery(ANSWER)
                .execute(Tuple.of(user, key, answer.status(), answer.headers(), answer.body()))
                .mapEmpty();
    }

    /** Lets the next attempt run: this one failed in a way that may pass. */
    public Future<Void> released(UUID user, String key) {
        return database.client()
                .preparedQuery(RELEASE)
                .execute(Tuple.of(user, key))
                .mapEmpty();
    }

    /** Forgets keys that are older than 24 hours; runs from time to time. */
    public Future<Void> sweep() {
        return sweeper.transaction(connection -> connection.query(SWEEP).execute())
                .mapEmpty();
    }

    /** Identifies a request by method, path and body. */
    public static byte[] fingerprint(String method, String path, Buffer body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((method + " " + path + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body.getBytes());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The headers of an answer that are worth keeping. */
    public static JsonObject headers(Iterable<Map.Entry<String, String>> headers) {
        JsonObject kept = new JsonObject();
        headers.forEach(header -> kept.put(header.getKey(), header.getValue()));
        return kept;
    }
}
