package ai.materi.collab.log;

import ai.materi.platform.events.Fact;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.events.StreamConsumer;
import ai.materi.platform.node.Node;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Takes the logs of documents that are gone for good out of the database, with their sub-documents, versions and history: the
 * consumer group {@value #GROUP}. Nobody can open such a document any more when it hears of it.
 */
public final class Purge {
    static final String GROUP = "relay-purge";

    private static final Duration CLAIM_AFTER = Duration.ofSeconds(60);
    private static final String PURGE = "select collab.purge($1)";

    private Purge() {}

    /**
     * This node's member of the group.
     *
     * @param database as the role {@code materi_collab_log}
     */
    public static StreamConsumer create(Node node, Database database) {
        return StreamConsumer.repeatable(
                node.vertx(),
                database,
                node.redis(),
                node.settings().section("events"),
                new StreamConsumer.Membership(GROUP, node.nodeId(), List.of(Outbox.Topic.DOCUMENTS), CLAIM_AFTER),
                Purge::purge,
                node.meters());
    }

    private static Future<Void> purge(SqlConnection transaction, List<Fact> facts) {
        UUID[] documents = facts.stream()
                .filter(fact -> fact.event().hasDocumentPurged())
                .map(fact -> UUID.fromString(fact.event().getSubject()))
                .toArray(UUID[]::new);
        return documents.length == 0
                ? Future.succeededFuture()
                : transaction
                        .preparedQuery(PURGE)
                        .execute(Tuple.tuple().addArrayOfUUID(documents))
                        .mapEmpty();
    }
}
