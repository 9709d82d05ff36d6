package ai.materi.auth.news;

import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.access.AccessFeed.Change;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every node, after the commit, what may no longer be believed. The commit stands whether or not this arrives: when
 * Redis is away, nodes check everything again as soon as they hear it again, so a failure here is logged and not answered.
 */
public final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final AccessFeed feed;

    public Announcements(AccessFeed feed) {
        this.feed = feed;
    }

    public Future<Void> sessionsEnded(List<UUID> sessionIds) {
        return Future.all(sessionIds.stream()
                        .map(id -> logged(feed.publishRevocation(id)))
                        .toList())
                .mapEmpty();
    }

    public Future<Void> membershipChanged(UUID workspaceId, UUID userId) {
        return logged(feed.publishChange(new Change(workspaceId, null, userId)));
    }

    public Future<Void> workspaceDeleted(UUID workspaceId) {
        return logged(feed.publishChange(new Change(workspaceId, null, null)));
    }

    public Future<Void> grantChanged(UUID workspaceId, UUID documentId, UUID userId) {
        return logged(feed.publishChange(new Change(workspaceId, documentId, userId)));
    }

    public Future<Void> documentChanged(UUID workspaceId, UUID documentId) {
        return logged(feed.publishChange(new Change(workspaceId, documentId, null)));
    }

    private static Future<Void> logged(Future<Void> published) {
        return published.recover(failure -> {
            LOG.warn("A change of access was committed, but the other nodes could not be told yet", failure);
            return Future.succeededFuture();
        });
    }
}
