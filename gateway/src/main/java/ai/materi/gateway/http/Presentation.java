package ai.materi.gateway.http;

import io.vertx.core.Future;

/**
 * How the outcome of a use case is shown, when that is more than sending it: it runs again when an idempotent request is
 * replayed, while the use case does not.
 */
@FunctionalInterface
public interface Presentation {
    Presentation AS_IT_IS = (call, outcome) -> Future.succeededFuture(outcome);

    Future<Reply> show(Call call, Reply.Content outcome);
}
