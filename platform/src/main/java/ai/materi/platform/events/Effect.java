package ai.materi.platform.events;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** What a consumer group does about facts. */
@FunctionalInterface
public interface Effect {
    /**
     * Takes effect in a transaction that is committed together with the note that these facts have been handled: none of
     * them has had its effect before. A failure undoes the transaction, and the facts come again one by one.
     */
    Future<Void> apply(SqlConnection transaction, List<Fact> facts);
}
