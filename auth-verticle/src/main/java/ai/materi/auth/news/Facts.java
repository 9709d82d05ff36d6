package ai.materi.auth.news;

import ai.materi.auth.roles.Role;
import ai.materi.auth.users.User;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.events.Outbox.Topic;
import ai.materi.proto.event.v1.Event;
import ai.materi.proto.event.v1.MemberChanged;
import ai.materi.proto.event.v1.SessionRevoked;
import ai.materi.proto.event.v1.UserRegistered;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** Shield's events, appended in the transactions that make them true. */
public final class Facts {
    private static final String SOURCE = "materi/auth";

    private final Outbox outbox;

    public Facts(Outbox outbox) {
        this.outbox = outbox;
    }

    public Future<Void> userRegistered(SqlConnection transaction, User user) {
        return append(
                transaction,
                event("user.registered", user.id(), user.id())
                        .setUserRegistered(UserRegistered.newBuilder().setName(user.name())));
    }

    /** An empty role says that the member was removed. */
    public Future<Void> memberChanged(
            SqlConnection transaction, UUID workspaceId, UUID userId, Optional<Role> role, UUID actorId) {
        return append(
                transaction,
                event("member.changed", userId, actorId)
                        .setWorkspaceId(workspaceId.toString())
                        .setMemberChanged(MemberChanged.newBuilder()
                                .setUserId(userId.toString())
                                .setRole(role.map(Role::word).orElse(""))));
    }

    public Future<Void> sessionRevoked(SqlConnection transaction, UUID sessionId, UUID userId) {
        return append(
                transaction,
                event("session.revoked", userId, userId)
                        .setSessionRevoked(SessionRevoked.newBuilder().setSessionId(sessionId.toString())));
    }

    private static Event.Builder event(String type, UUID subject, UUID actor) {
        return Event.newBuilder()
                .setSource(SOURCE)
                .setType(type)
                .setSubject(subject.toString())
                .setActorId(actor.toString());
    }

    private Future<Void> append(SqlConnection transaction, Event.Builder event) {
        return outbox.append(transaction, Topic.USERS, event.build());
    }
}
