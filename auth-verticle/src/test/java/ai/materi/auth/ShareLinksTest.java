package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.node.Await;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.CreateLinkRequest;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.Link;
import ai.materi.proto.auth.v1.ListLinksRequest;
import ai.materi.proto.auth.v1.ListWorkspacesRequest;
import ai.materi.proto.auth.v1.NewLink;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.RemoveLinkRequest;
import ai.materi.proto.auth.v1.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links: who makes them, what whoever holds one may do, how they end, and that nothing else opens with them. */
class ShareLinksTest {
    private static final String ENDED = """
            insert into auth.share_links (id, document_id, workspace_id, token_hash, label, expires_at)
            values (gen_random_uuid(), $1, $2, sha256($3::text::bytea), '', now())
            """;

    private static ShieldHost shield;

    private Person ada;
    private String workspace = "";
    private UUID document = new UUID(0, 0);

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of("auth.links_per_document", "3"));
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @BeforeEach
    void found() {
        ada = shield.person("ada");
        workspace = shield.workspace(ada);
        document = shield.document(ada, workspace);
    }

    @Test
    void letsWhoeverHoldsOneReadOneDocumentAndNothingElse() {
        UUID other = shield.document(ada, workspace);
        NewLink made = make("For the board", 3600);

        ai.materi.proto.auth.v1.Principal guest = redeem(made.getToken(), document);

        assertThat(guest.getName()).isEqualTo("Guest");
        assertThat(guest.getUserId()).isEqualTo(made.getLink().getId());
        assertThat(guest.getColor()).matches("#[0-9a-f]{6}");
        Authorization write = asGuest(guest, auth -> auth.authorize(asking(document, Action.ACTION_WRITE)));
        assertThat(write.getAllowed()).isFalse();
        assertThat(write.getRole()).isEqualTo(Role.ROLE_VIEWER);
        assertThat(asGuest(guest, auth -> auth.authorize(asking(document, Action.ACTION_READ)))
                        .getAllowed())
                .isTrue();
        assertThat(asGuest(guest, auth -> auth.listWorkspaces(ListWorkspacesRequest.getDefaultInstance()))
                        .getItemsList())
                .isEmpty();
        assertThat(Await.failure(calling(guest, auth -> auth.authorize(asking(other, Action.ACTION_READ)))))
                .hasMessageContaining("no such document");
        assertThat(refusal(made.getToken(), other)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusal("mlk_" + "A".repeat(43), document)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void showsAGuestNothingInSqlButTheDocument() {
        UUID link = UUID.fromString(make("", 0).getLink().getId());

        assertThat(seen(link, "select document_id from auth.documents")).containsExactly(document);
        assertThat(seen(link, "select id from auth.share_links")).containsExactly(link);
        for (String table : List.of("users", "workspaces", "memberships", "grants")) {
            assertThat(seen(link, "select gen_random_uuid() from auth." + table))
                    .as(table)
                    .isEmpty();
        }
        assertThat(seen(shield.person("bob").id(), "select id from auth.share_links"))
                .isEmpty();
    }

    @Test
    void endsWhenItIsRemovedAndTellsEveryNode() {
        NewLink made = make("", 0);
        ai.materi.proto.auth.v1.Principal guest = redeem(made.getToken(), document);

        shield.as(ada, auth -> auth.removeLink(removal(made.getLink().getId())));

        assertThat(refusal(made.getToken(), document)).isEqualTo(ProblemCode.NOT_FOUND);
        Await.failure(calling(guest, auth -> auth.authorize(asking(document, Action.ACTION_READ))));
        shield.awaitChange(
                UUID.fromString(workspace),
                document,
                UUID.fromString(made.getLink().getId()));
        assertThat(shield.refusalAs(
                                ada,
                                auth -> auth.removeLink(removal(made.getLink().getId())))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void endsAtItsTimeAndWithTheDocument() {
        String ended = "mlk_" + "B".repeat(43);
        Await.result(tenant().asUser(
                        ada.id(),
                        transaction -> transaction
                                .preparedQuery(ENDED)
                                .execute(Tuple.of(document, UUID.fromString(workspace), ended))));
        NewLink lasting = make("", 60);

        assertThat(refusal(ended, document)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(list())
                .extracting(Link::getId)
                .containsExactly(lasting.getLink().getId());
        ai.materi.proto.auth.v1.Principal guest = redeem(lasting.getToken(), document);
        shield.setState(ada, document, DocumentState.DOCUMENT_STATE_TRASHED);
        Await.failure(calling(guest, auth -> auth.authorize(asking(document, Action.ACTION_READ))));
    }

    @Test
    void isMadeByAdminsOnlyAndNoMoreThanADocumentMayHave() {
        Person editor = shield.person("editor");
        shield.join(ada, workspace, editor, Role.ROLE_EDITOR);
        assertThat(shield.refusalAs(editor, auth -> auth.createLink(creation("", 0)))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.refusalAs(shield.person("eve"), auth -> auth.createLink(creation("", 0)))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(shield.refusalAs(ada, auth -> auth.createLink(creation("", 5)))
                        .code())
                .isEqualTo(ProblemCode.INVALID_FIELD);

        List<Future<NewLink>> many = IntStream.range(0, 6)
                .mapToObj(i -> shield.startAs(ada, auth -> auth.createLink(creation("Link " + i, 0))))
                .toList();
        shield.settle(many);

        assertThat(many).filteredOn(Future::succeeded).hasSize(3);
        assertThat(list()).hasSize(3);
    }

    private NewLink make(String label, long expiresIn) {
        return shield.as(ada, auth -> auth.createLink(creation(label, expiresIn)));
    }

    private CreateLinkRequest creation(String label, long expiresIn) {
        return CreateLinkRequest.newBuilder()
                .setDocumentId(document.toString())
                .setLabel(label)
                .setExpiresIn(expiresIn)
                .build();
    }

    private RemoveLinkRequest removal(String link) {
        return RemoveLinkRequest.newBuilder()
                .setDocumentId(document.toString())
                .setLinkId(link)
                .build();
    }

    private List<Link> list() {
        return shield.as(
                        ada,
                        auth -> auth.listLinks(ListLinksRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build()))
                .getItemsList();
    }

    private static ai.materi.proto.auth.v1.Principal redeem(String token, UUID document) {
        return shield.call(auth -> auth.redeemTicket(redemption(token, document)));
    }

    private static ProblemCode refusal(String token, UUID document) {
        return shield.refusal(auth -> auth.redeemTicket(redemption(token, document)))
                .code();
    }

    private static RedeemTicketRequest redemption(String token, UUID document) {
        return RedeemTicketRequest.newBuilder()
                .setTicket(token)
                .setDocumentId(document.toString())
                .build();
    }

    private static AuthorizeRequest asking(UUID document, Action action) {
        return AuthorizeRequest.newBuilder()
                .setDocumentId(document.toString())
                .setAction(action)
                .build();
    }

    private static <T> T asGuest(ai.materi.proto.auth.v1.Principal guest, Function<AuthService, Future<T>> call) {
        return Await.result(calling(guest, call));
    }

    private static <T> Future<T> calling(
            ai.materi.proto.auth.v1.Principal guest, Function<AuthService, Future<T>> call) {
        Principal principal = new Principal(
                UUID.fromString(guest.getUserId()),
                UUID.fromString(guest.getSessionId()),
                guest.getName(),
                guest.getEmail(),
                guest.getColor(),
                Instant.ofEpochMilli(guest.getExpiresAtMs()),
                false);
        CallContext context = CallContext.anonymous("test", null).as(principal, null);
        Promise<T> answer = Promise.promise();
        shield.node()
                .vertx()
                .runOnContext(started -> context.call(
                                () -> call.apply(shield.node().services().auth()))
                        .onComplete(answer));
        return answer.future();
    }

    private static Database tenant() {
        return shield.node().postgres().as("materi_auth");
    }

    private static List<UUID> seen(UUID user, String sql) {
        return Await.result(tenant().asUser(
                                user, transaction -> transaction.query(sql).execute()))
                .stream()
                .map((Row row) -> row.getUUID(0))
                .toList();
    }
}
