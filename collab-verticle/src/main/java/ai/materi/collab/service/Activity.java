package ai.materi.collab.service;

import ai.materi.collab.document.Admission;
import ai.materi.collab.history.Author;
import ai.materi.collab.history.Authors;
import ai.materi.collab.history.Session;
import ai.materi.collab.history.Sessions;
import ai.materi.collab.page.PagePosition;
import ai.materi.proto.collab.v1.ListSessionsRequest;
import ai.materi.proto.collab.v1.SessionPage;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Lists the sessions in which a document was written. */
final class Activity {
    private final Sessions sessions;
    private final Authors authors;

    Activity(Sessions sessions, Authors authors) {
        this.sessions = sessions;
        this.authors = authors;
    }

    Future<SessionPage> list(Admission admission, ListSessionsRequest request) {
        UUID documentId = admission.documentId();
        int limit = PageLimit.of(request.getLimit());
        PagePosition after = PagePosition.parse(request.getCursor());
        return sessions.count(documentId)
                .compose(counted -> sessions.list(documentId, after, limit + 1))
                .compose(found -> authors.named(documentId, everybody(found)).map(names -> page(found, limit, names)));
    }

    private static Set<UUID> everybody(List<Session> sessions) {
        Set<UUID> everybody = new HashSet<>();
        for (Session session : sessions) {
            everybody.add(session.author());
            if (session.via() != null) {
                everybody.add(session.via());
            }
        }
        return everybody;
    }

    private static SessionPage page(List<Session> found, int limit, Map<UUID, Author> names) {
        List<Session> items = found.subList(0, Math.min(limit, found.size()));
        SessionPage.Builder page = SessionPage.newBuilder();
        items.forEach(session -> page.addItems(message(session, names)));
        if (found.size() > limit) {
            Session last = items.get(limit - 1);
            page.setNext(new PagePosition(last.beganAt(), last.id()).cursor());
        }
        return page.build();
    }

    private static ai.materi.proto.collab.v1.Session message(Session session, Map<UUID, Author> names) {
        var message = ai.materi.proto.collab.v1.Session.newBuilder()
                .setId(session.id().toString())
                .setAuthor(Contributions.message(session.author(), names))
                .setBeganAt(session.beganAt().toInstant().toString())
                .setEndedAt(session.endedAt().toInstant().toString())
                .setUpdates(session.updates())
                .setInserted(session.inserted())
                .setDeleted(session.deleted());
        if (session.via() != null) {
            message.setVia(Contributions.message(session.via(), names));
        }
        return message.build();
    }
}
