package ai.materi.collab.stream;

import ai.materi.platform.problem.GrpcProblem;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.problem.Problems;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/**
 * Hands what was said beside a stream to the node that holds it, and brings the answer back. Each message is a question with an
 * answer, so that no more of them wait than there are calls.
 */
final class AsideBus {
    private static final String ADDRESS = "materi.collab.aside.";
    private static final String KIND = "kind";
    private static final String STREAM = "stream";
    private static final String DOCUMENT = "document";
    private static final String USER = "user";
    private static final int SEQUENCE_AT = 4;

    private final Vertx vertx;
    private final String nodeId;
    private final Duration within;

    AsideBus(Vertx vertx, String nodeId, Duration within) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.within = within;
    }

    /** Answers other nodes. */
    Future<Void> listen(Function<Aside, Future<Written>> here) {
        if (!vertx.isClustered()) {
            return Future.succeededFuture();
        }
        return vertx.eventBus()
                .<Buffer>consumer(ADDRESS + nodeId, message -> answer(message, here))
                .completion();
    }

    /** Fails with {@code conflict} when there is no such node, and {@code unavailable} when it does not answer. */
    Future<Written> ask(String node, Aside aside) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(within.toMillis())
                .addHeader(KIND, aside.kind().name())
                .addHeader(STREAM, aside.streamId())
                .addHeader(DOCUMENT, aside.documentId().toString())
                .addHeader(USER, aside.userId().toString());
        return vertx.eventBus()
                .<Buffer>request(ADDRESS + node, Buffer.buffer(aside.payload()), options)
                .map(reply -> new Written(reply.body().getInt(0), reply.body().getLong(SEQUENCE_AT)))
                .recover(failure -> Future.failedFuture(problem(failure)));
    }

    private static void answer(Message<Buffer> message, Function<Aside, Future<Written>> here) {
        here.apply(new Aside(
                        Aside.Kind.valueOf(message.headers().get(KIND)),
                        message.headers().get(STREAM),
                        UUID.fromString(message.headers().get(DOCUMENT)),
                        UUID.fromString(message.headers().get(USER)),
                        message.body().getBytes()))
                .onSuccess(written -> message.reply(
                        Buffer.buffer().appendInt(written.generation()).appendLong(written.sequence())))
                .onFailure(failure -> {
                    GrpcProblem problem = GrpcProblem.of(Problems.settle(failure, "What was said beside a stream"));
                    message.fail(problem.status().code, problem.message());
                });
    }

    private static Problem problem(Throwable failure) {
        if (!(failure instanceof ReplyException refusal)) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The node that holds the stream cannot be reached.");
        }
        if (refusal.failureType() == ReplyFailure.NO_HANDLERS) {
            return Aside.gone();
        }
        GrpcStatus status = GrpcStatus.valueOf(refusal.failureCode());
        return refusal.failureType() == ReplyFailure.RECIPIENT_FAILURE && status != null
                ? new GrpcProblem(status, String.valueOf(refusal.getMessage()), null).toProblem()
                : Problem.of(ProblemCode.UNAVAILABLE, "The node that holds the stream does not answer.");
    }
}
