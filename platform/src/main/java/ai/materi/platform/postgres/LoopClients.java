package ai.materi.platform.postgres;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The pipelined connections of a role, each the own one of an event loop as far as they go round, so that a question and its
 * answer stay on the loop of the request: handed over to another loop and back, each would wake a thread that sleeps in the
 * kernel, which costs about as much as asking. Loops that come later share.
 */
final class LoopClients {
    private final List<SqlClient> all;
    private final AtomicInteger taken = new AtomicInteger();
    private final Map<EventLoop, SqlClient> byLoop = new ConcurrentHashMap<>();

    /** Takes at least one client; each has one connection, which it opens on the loop that first asks. */
    LoopClients(List<SqlClient> all) {
        this.all = List.copyOf(all);
    }

    /** That of the current event loop; outside of any, the first. */
    SqlClient mine() {
        @Nullable ContextInternal context = ContextInternal.current();
        if (context == null) {
            return all.get(0);
        }
        EventLoop loop = context.nettyEventLoop();
        SqlClient known = byLoop.get(loop);
        return known != null ? known : byLoop.computeIfAbsent(loop, late -> next());
    }

    private SqlClient next() {
        return all.get(taken.getAndIncrement() % all.size());
    }

    Future<Void> close() {
        return Future.join(all.stream().map(SqlClient::close).toList()).mapEmpty();
    }
}
