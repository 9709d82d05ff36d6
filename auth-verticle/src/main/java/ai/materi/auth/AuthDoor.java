package ai.materi.auth;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.Documents;
import ai.materi.auth.fields.Fields;
import ai.materi.auth.grants.Grants;
import ai.materi.auth.links.LinkToken;
import ai.materi.auth.links.ShareLinks;
import ai.materi.auth.pages.PageRequest;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.signin.Entrance;
import ai.materi.auth.signin.Registration;
import ai.materi.auth.signin.RegistrationSettings;
import ai.materi.auth.tickets.Tickets;
import ai.materi.auth.tokens.SigningKeys;
import ai.materi.auth.users.UserRef;
import ai.materi.auth.users.Users;
import ai.materi.auth.workspaces.Members;
import ai.materi.auth.workspaces.WorkspaceRef;
import ai.materi.auth.workspaces.Workspaces;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.AuthServiceService;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.CreateLinkRequest;
import ai.materi.proto.auth.v1.CreateWorkspaceRequest;
import ai.materi.proto.auth.v1.DeleteWorkspaceReply;
import ai.materi.proto.auth.v1.DeleteWorkspaceRequest;
import ai.materi.proto.auth.v1.DocumentRegistration;
import ai.materi.proto.auth.v1.GetJwksRequest;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.GetRegistrationRequest;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.Grant;
import ai.materi.proto.auth.v1.GrantPage;
import ai.materi.proto.auth.v1.IssueTicketRequest;
import ai.materi.proto.auth.v1.Jwks;
import ai.materi.proto.auth.v1.LinkPage;
import ai.materi.proto.auth.v1.ListGrantsRequest;
import ai.materi.proto.auth.v1.ListLinksRequest;
import ai.materi.proto.auth.v1.ListMembersRequest;
import ai.materi.proto.auth.v1.ListWorkspacesRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.LogoutReply;
import ai.materi.proto.auth.v1.LogoutRequest;
import ai.materi.proto.auth.v1.Me;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.MemberPage;
import ai.materi.proto.auth.v1.NewLink;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.PutGrantRequest;
import ai.materi.proto.auth.v1.PutMemberRequest;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.RefreshRequest;
import ai.materi.proto.auth.v1.RegisterDocumentRequest;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.RemoveGrantReply;
import ai.materi.proto.auth.v1.RemoveGrantRequest;
import ai.materi.proto.auth.v1.RemoveLinkReply;
import ai.materi.proto.auth.v1.RemoveLinkRequest;
import ai.materi.proto.auth.v1.RemoveMemberReply;
import ai.materi.proto.auth.v1.RemoveMemberRequest;
import ai.materi.proto.auth.v1.Session;
import ai.materi.proto.auth.v1.SetDocumentStateReply;
import ai.materi.proto.auth.v1.SetDocumentStateRequest;
import ai.materi.proto.auth.v1.Ticket;
import ai.materi.proto.auth.v1.UpdateWorkspaceRequest;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import ai.materi.proto.auth.v1.WithdrawDocumentReply;
import ai.materi.proto.auth.v1.WithdrawDocumentRequest;
import ai.materi.proto.auth.v1.Workspace;
import ai.materi.proto.auth.v1.WorkspacePage;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * {@code AuthService} as {@code auth.proto} describes it: reads the messages, names the caller, asks the part that knows.
 * Failures are {@link Problem}s.
 */
final class AuthDoor extends AuthServiceService {
    private final Parts parts;

    AuthDoor(Parts parts) {
        this.parts = parts;
    }

    /**
     * Who answers.
     *
     * @param demo whether the demo users exist
     */
    record Parts(
            Degradation degradation,
            Entrance entrance,
            RegistrationSettings registration,
            Users users,
            Sessions sessions,
            SigningKeys keys,
            Tickets tickets,
            Documents documents,
            Workspaces workspaces,
            Members members,
            Grants grants,
            ShareLinks links,
            boolean demo) {}

    @Override
    public Future<Session> register(RegisterRequest request) {
        parts.degradation().require(Feature.SIGN_IN);
        return answer(() -> parts.entrance()
                .register(Registration.Newcomer.of(
                        request.getEmail(), request.getPassword(), request.getName(), request.getInvitation()))
                .map(Replies::session));
    }

    @Override
    public Future<Session> login(LoginRequest request) {
        parts.degradation().require(Feature.SIGN_IN);
        return answer(() -> parts.entrance()
                .login(
                        Fields.bounded("email", request.getEmail(), Fields.MAX_EMAIL),
                        Fields.password("password", request.getPassword()))
                .map(Replies::session));
    }

    @Override
    public Future<Session> refresh(RefreshRequest request) {
        return answer(() -> parts.entrance().refresh(request.getRefreshToken()).map(Replies::session));
    }

    @Override
    public Future<LogoutReply> logout(LogoutRequest request) {
        return answer(() -> request.getRefreshToken().isEmpty()
                        ? parts.sessions().end(caller().sessionId())
                        : parts.sessions().endByToken(request.getRefreshToken()))
                .map(LogoutReply.getDefaultInstance());
    }

    @Override
    public Future<Me> getMe(GetMeRequest request) {
        return answer(() -> parts.users()
                .self(callerId())
                .map(found -> Me.newBuilder()
                        .setUser(Replies.user(found.orElseThrow(AuthDoor::callerIsGone)))
                        .setSessionId(caller().sessionId().toString())
                        .build()));
    }

    @Override
    public Future<ai.materi.proto.auth.v1.Registration> getRegistration(GetRegistrationRequest request) {
        return Future.succeededFuture(ai.materi.proto.auth.v1.Registration.newBuilder()
                .setMode(parts.registration().mode().word())
                .setDemo(parts.demo())
                .build());
    }

    @Override
    public Future<Jwks> getJwks(GetJwksRequest request) {
        return answer(() -> Future.succeededFuture(
                Jwks.newBuilder().setJson(parts.keys().jwks()).build()));
    }

    @Override
    public Future<Ticket> issueTicket(IssueTicketRequest request) {
        return answer(() -> parts.tickets()
                .issue(callerId(), caller().sessionId(), documentId(request.getDocumentId()))
                .map(Replies::ticket));
    }

    @Override
    public Future<Principal> validateToken(ValidateTokenRequest request) {
        return answer(() -> parts.entrance().verify(request.getToken()).map(Replies::principal));
    }

    @Override
    public Future<Principal> redeemTicket(RedeemTicketRequest request) {
        return answer(() -> {
            UUID document = documentId(request.getDocumentId());
            return LinkToken.isOne(request.getTicket())
                    ? parts.links().redeem(request.getTicket(), document).map(Replies::principal)
                    : parts.tickets().redeem(request.getTicket(), document).map(Replies::principal);
        });
    }

    @Override
    public Future<Authorization> authorize(AuthorizeRequest request) {
        return answer(() -> {
            requireCallerIs(request.getUserId());
            Action action = Requests.action(request.getAction());
            return parts.documents()
                    .standing(callerId(), documentId(request.getDocumentId()))
                    .map(standing -> Replies.authorization(standing, action));
        });
    }

    @Override
    public Future<DocumentRegistration> registerDocument(RegisterDocumentRequest request) {
        return answer(() -> parts.documents()
                .register(
                        callerId(),
                        Fields.uuidV7("document_id", request.getDocumentId()),
                        WorkspaceRef.of(request.getWorkspace()))
                .map(registered -> DocumentRegistration.newBuilder()
                        .setDocumentId(request.getDocumentId())
                        .setWorkspaceId(registered.workspaceId().toString())
                        .setFresh(registered.fresh())
                        .build()));
    }

    @Override
    public Future<WithdrawDocumentReply> withdrawDocument(WithdrawDocumentRequest request) {
        return answer(() -> parts.documents().withdraw(callerId(), documentId(request.getDocumentId())))
                .map(WithdrawDocumentReply.getDefaultInstance());
    }

    @Override
    public Future<SetDocumentStateReply> setDocumentState(SetDocumentStateRequest request) {
        return answer(() -> parts.documents()
                        .setState(callerId(), documentId(request.getDocumentId()), Requests.state(request.getState())))
                .map(SetDocumentStateReply.getDefaultInstance());
    }

    @Override
    public Future<WorkspacePage> listWorkspaces(ListWorkspacesRequest request) {
        return answer(() -> parts.workspaces()
                .list(callerId(), PageRequest.of(request.getLimit(), request.getCursor()))
                .map(Replies::workspaces));
    }

    @Override
    public Future<Workspace> createWorkspace(CreateWorkspaceRequest request) {
        return answer(() -> parts.workspaces()
                .create(callerId(), Fields.name("name", request.getName()), slug(request.getSlug()))
                .map(Replies::workspace));
    }

    @Override
    public Future<Workspace> getWorkspace(GetWorkspaceRequest request) {
        return answer(() -> parts.workspaces()
                .get(callerId(), WorkspaceRef.of(request.getWorkspace()))
                .map(Replies::workspace));
    }

    @Override
    public Future<Workspace> updateWorkspace(UpdateWorkspaceRequest request) {
        return answer(() -> parts.workspaces()
                .update(
                        callerId(),
                        WorkspaceRef.of(request.getWorkspace()),
                        request.hasName() ? Optional.of(Fields.name("name", request.getName())) : Optional.empty(),
                        request.hasSlug() ? Optional.of(Fields.slug("slug", request.getSlug())) : Optional.empty())
                .map(Replies::workspace));
    }

    @Override
    public Future<DeleteWorkspaceReply> deleteWorkspace(DeleteWorkspaceRequest request) {
        return answer(() -> parts.workspaces().delete(callerId(), WorkspaceRef.of(request.getWorkspace())))
                .map(DeleteWorkspaceReply.getDefaultInstance());
    }

    @Override
    public Future<MemberPage> listMembers(ListMembersRequest request) {
        return answer(() -> parts.members()
                .list(
                        callerId(),
                        WorkspaceRef.of(request.getWorkspace()),
                        PageRequest.of(request.getLimit(), request.getCursor()))
                .map(Replies::members));
    }

    @Override
    public Future<Member> putMember(PutMemberRequest request) {
        return answer(() -> parts.members()
                .put(
                        callerId(),
                        WorkspaceRef.of(request.getWorkspace()),
                        UserRef.of(request.getUserId(), request.getEmail()),
                        Requests.role(request.getRole()))
                .map(Replies::member));
    }

    @Override
    public Future<RemoveMemberReply> removeMember(RemoveMemberRequest request) {
        return answer(() -> parts.members()
                        .remove(
                                callerId(),
                                WorkspaceRef.of(request.getWorkspace()),
                                Fields.uuid("user_id", request.getUserId())))
                .map(RemoveMemberReply.getDefaultInstance());
    }

    @Override
    public Future<GrantPage> listGrants(ListGrantsRequest request) {
        return answer(() -> parts.grants()
                .list(
                        callerId(),
                        documentId(request.getDocumentId()),
                        PageRequest.of(request.getLimit(), request.getCursor()))
                .map(Replies::grants));
    }

    @Override
    public Future<Grant> putGrant(PutGrantRequest request) {
        return answer(() -> parts.grants()
                .put(
                        callerId(),
                        documentId(request.getDocumentId()),
                        UserRef.of(request.getUserId(), request.getEmail()),
                        Requests.role(request.getRole()))
                .map(Replies::grant));
    }

    @Override
    public Future<RemoveGrantReply> removeGrant(RemoveGrantRequest request) {
        return answer(() -> parts.grants()
                        .remove(
                                callerId(),
                                documentId(request.getDocumentId()),
                                Fields.uuid("user_id", request.getUserId())))
                .map(RemoveGrantReply.getDefaultInstance());
    }

    @Override
    public Future<NewLink> createLink(CreateLinkRequest request) {
        return answer(() -> parts.links()
                .make(callerId(), documentId(request.getDocumentId()), request.getLabel(), request.getExpiresIn())
                .map(Replies::newLink));
    }

    @Override
    public Future<LinkPage> listLinks(ListLinksRequest request) {
        return answer(() -> parts.links()
                .list(
                        callerId(),
                        documentId(request.getDocumentId()),
                        PageRequest.of(request.getLimit(), request.getCursor()))
                .map(Replies::links));
    }

    @Override
    public Future<RemoveLinkReply> removeLink(RemoveLinkRequest request) {
        return answer(() -> parts.links()
                        .remove(
                                callerId(),
                                documentId(request.getDocumentId()),
                                Fields.uuid("link_id", request.getLinkId())))
                .map(RemoveLinkReply.getDefaultInstance());
    }

    /** What reading a request throws fails the call like anything that happens later. */
    private static <T> Future<T> answer(Supplier<Future<T>> work) {
        return Future.succeededFuture().compose(started -> work.get());
    }

    private static ai.materi.platform.call.Principal caller() {
        return CallContext.current().requirePrincipal();
    }

    private static UUID callerId() {
        return caller().userId();
    }

    private static UUID documentId(String text) {
        return Fields.uuid("document_id", text);
    }

    private static Optional<String> slug(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Fields.slug("slug", text));
    }

    /** Nobody asks here what others may do. */
    private static void requireCallerIs(String userId) {
        if (!userId.isEmpty() && !Fields.uuid("user_id", userId).equals(callerId())) {
            throw Problem.of(ProblemCode.FORBIDDEN, "One may ask for oneself only.");
        }
    }

    private static Problem callerIsGone() {
        return Problem.of(ProblemCode.SESSION_ENDED, "The user of this session is gone.");
    }
}
