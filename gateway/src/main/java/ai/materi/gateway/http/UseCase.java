package ai.materi.gateway.http;

import io.vertx.core.Future;

/** What an endpoint does with a call that passed the guards; fails with a {@code Problem}. */
@FunctionalInterface
public interface UseCase {
    Future<Reply> run(Call call);
}
