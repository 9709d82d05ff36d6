package ai.materi.auth;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.DocumentState;
import ai.materi.auth.documents.Standing;
import ai.materi.auth.documents.Verdict;
import ai.materi.auth.links.ShareLink;
import ai.materi.auth.links.ShareLinks;
import ai.materi.auth.pages.Page;
import ai.materi.auth.signin.Entrance.Verified;
import ai.materi.auth.signin.IssuedSession;
import ai.materi.auth.tickets.Tickets;
import ai.materi.auth.users.User;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.Grant;
import ai.materi.proto.auth.v1.GrantPage;
import ai.materi.proto.auth.v1.Link;
import ai.materi.proto.auth.v1.LinkPage;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.MemberPage;
import ai.materi.proto.auth.v1.NewLink;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.Session;
import ai.materi.proto.auth.v1.Ticket;
import ai.materi.proto.auth.v1.Workspace;
import ai.materi.proto.auth.v1.WorkspacePage;
import java.time.Instant;
import java.util.UUID;

/** Writes the messages of the contract. */
final class Replies {
    private Replies() {}

    static Session session(IssuedSession session) {
        return Session.newBuilder()
                .setAccessToken(session.accessToken())
                .setRefreshToken(session.refreshToken())
                .setExpiresIn((int) session.accessTtl().toSeconds())
                .setRefreshExpiresIn((int) session.refreshTtl().toSeconds())
                .setUser(user(session.user()))
                .build();
    }

    static ai.materi.proto.auth.v1.User user(User user) {
        return ai.materi.proto.auth.v1.User.newBuilder()
                .setId(user.id().toString())
                .setEmail(user.email())
                .setName(user.name())
                .setColor(user.color())
                .setCreatedAt(user.createdAt().toString())
                .build();
    }

    static Principal principal(Verified verified) {
        return principal(
                verified.user(),
                verified.claims().sessionId(),
                verified.claims().expiresAt());
    }

    static Principal principal(Tickets.Holder holder) {
        return principal(holder.user(), holder.sessionId(), holder.expiresAt());
    }

    static Ticket ticket(Tickets.Ticket ticket) {
        return Ticket.newBuilder()
                .setTicket(ticket.ticket())
                .setExpiresIn((int) ticket.ttl().toSeconds())
                .build();
    }

    /** Throws {@code not_found} when the document does not exist for the user, who learns nothing else then. */
    static Authorization authorization(Standing standing, Action action) {
        Verdict verdict = standing.decide(action);
        if (verdict == Verdict.HIDDEN) {
            throw ai.materi.auth.documents.Documents.noDocument();
        }
        return Authorization.newBuilder()
                .setAllowed(verdict == Verdict.ALLOWED)
                .setRole(role(standing.role()))
                .setWorkspaceId(standing.workspaceId().toString())
                .setState(state(standing.state()))
                .build();
    }

    static Workspace workspace(ai.materi.auth.workspaces.Workspace workspace) {
        return Workspace.newBuilder()
                .setId(workspace.id().toString())
                .setSlug(workspace.slug())
                .setName(workspace.name())
                .setRole(role(workspace.role()))
                .setCreatedAt(workspace.createdAt().toString())
                .setUpdatedAt(workspace.updatedAt().toString())
                .build();
    }

    static WorkspacePage workspaces(Page<ai.materi.auth.workspaces.Workspace> page) {
        WorkspacePage.Builder reply = WorkspacePage.newBuilder().setNext(page.next());
        page.items().forEach(workspace -> reply.addItems(workspace(workspace)));
        return reply.build();
    }

    static Member member(ai.materi.auth.workspaces.Member member) {
        return Member.newBuilder()
                .setUser(user(member.user()))
                .setRole(role(member.role()))
                .setAddedAt(member.addedAt().toString())
                .build();
    }

    static MemberPage members(Page<ai.materi.auth.workspaces.Member> page) {
        MemberPage.Builder reply = MemberPage.newBuilder().setNext(page.next());
        page.items().forEach(member -> reply.addItems(member(member)));
        return reply.build();
    }

    static Grant grant(ai.materi.auth.grants.Grant grant) {
        return Grant.newBuilder()
                .setDocumentId(grant.documentId().toString())
                .setUser(user(grant.user()))
                .setRole(role(grant.role()))
                .setGrantedAt(grant.grantedAt().toString())
                .build();
    }

    static GrantPage grants(Page<ai.materi.auth.grants.Grant> page) {
        GrantPage.Builder reply = GrantPage.newBuilder().setNext(page.next());
        page.items().forEach(grant -> reply.addItems(grant(grant)));
        return reply.build();
    }

    /** Whoever holds a link has no name and no address: all of them are shown as guests. */
    static Principal principal(ShareLinks.Guest guest) {
        return Principal.newBuilder()
                .setUserId(guest.linkId().toString())
                .setSessionId(guest.linkId().toString())
                .setName("Guest")
                .setColor(guest.color())
                .setExpiresAtMs(guest.expiresAt().toEpochMilli())
                .build();
    }

    static NewLink newLink(ShareLinks.Made made) {
        return NewLink.newBuilder()
                .setLink(link(made.link()))
                .setToken(made.token())
                .build();
    }

    static LinkPage links(Page<ShareLink> page) {
        LinkPage.Builder reply = LinkPage.newBuilder().setNext(page.next());
        page.items().forEach(link -> reply.addItems(link(link)));
        return reply.build();
    }

    private static Link link(ShareLink link) {
        return Link.newBuilder()
                .setId(link.id().toString())
                .setDocumentId(link.documentId().toString())
                .setLabel(link.label())
                .setCreatedAt(link.createdAt().toString())
                .setExpiresAt(link.expiresAt().map(Instant::toString).orElse(""))
                .build();
    }

    private static Principal principal(User user, UUID sessionId, Instant expiresAt) {
        return Principal.newBuilder()
                .setUserId(user.id().toString())
                .setSessionId(sessionId.toString())
                .setName(user.name())
                .setEmail(user.email())
                .setColor(user.color())
                .setExpiresAtMs(expiresAt.toEpochMilli())
                .build();
    }

    private static Role role(ai.materi.auth.roles.Role role) {
        return switch (role) {
            case VIEWER -> Role.ROLE_VIEWER;
            case COMMENTER -> Role.ROLE_COMMENTER;
            case EDITOR -> Role.ROLE_EDITOR;
            case ADMIN -> Role.ROLE_ADMIN;
            case OWNER -> Role.ROLE_OWNER;
        };
    }

    private static ai.materi.proto.auth.v1.DocumentState state(DocumentState state) {
        return switch (state) {
            case ACTIVE -> ai.materi.proto.auth.v1.DocumentState.DOCUMENT_STATE_ACTIVE;
            case TRASHED -> ai.materi.proto.auth.v1.DocumentState.DOCUMENT_STATE_TRASHED;
            case PURGED -> ai.materi.proto.auth.v1.DocumentState.DOCUMENT_STATE_PURGED;
        };
    }
}
