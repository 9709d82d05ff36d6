package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.auth.v1.PutGrantRequest;
import ai.materi.proto.auth.v1.Role;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall as SQL meets it, whatever the code in front of it does. */
class WallTest {
    private static ShieldHost shield;
    private static Database tenant;
    private static Database login;
    private static Person ada;
    private static Person bob;
    private static Person guest;
    private static UUID adas = new UUID(0, 0);
    private static UUID document = new UUID(0, 0);

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
        tenant = shield.node().postgres().as("materi_auth");
        login = shield.node().postgres().as("materi_auth_login");
        ada = shield.person("ada");
        bob = shield.person("bob");
        guest = shield.person("guest");
        adas = UUID.fromString(shield.workspace(ada));
        shield.workspace(bob);
        document = shield.document(ada, adas.toString());
        shield.as(
                ada,
                auth -> auth.putGrant(PutGrantRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setUserId(guest.idText())
                        .setRole(Role.ROLE_EDITOR)
                        .build()));
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "workspaces", "memberships", "documents", "grants"})
    void showsNothingToNobody(String table) {
        assertThat(Await.result(tenant.client()
                                .query("select * from auth." + table)
                                .execute())
                        .size())
                .isZero();
        assertThat(Await.result(tenant.transaction(transaction ->
                                transaction.query("select * from auth." + table).execute()))
                        .size())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentials", "sessions", "refresh_tokens", "signing_keys"})
    void keepsSecretsFromWhoWorksForUsers(String table) {
        assertForbidden(ada, "select * from auth." + table);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspaces", "memberships", "documents", "grants"})
    void keepsWorkspacesFromWhoSignsPeopleIn(String table) {
        Throwable refusal = Await.failure(
                login.client().query("select * from auth." + table).execute());
        assertThat(((PgException) refusal).getSqlState()).isEqualTo("42501");
    }

    @Test
    void showsUsersTheirOwnRowsOnly() {
        assertThat(column(bob, "select id from auth.users")).containsExactly(bob.id());
        assertThat(column(bob, "select id from auth.workspaces"))
                .doesNotContain(adas)
                .hasSize(1);
        assertThat(column(bob, "select user_id from auth.memberships")).containsExactly(bob.id());
        assertThat(column(bob, "select document_id from auth.documents")).isEmpty();
        assertThat(column(bob, "select document_id from auth.grants")).isEmpty();
    }

    @Test
    void showsAGuestTheDocumentAndNothingAroundIt() {
        assertThat(column(guest, "select document_id from auth.documents")).containsExactly(document);
        assertThat(column(guest, "select id from auth.users")).containsExactly(guest.id());
        assertThat(column(guest, "select id from auth.workspaces")).isEmpty();
        assertThat(column(guest, "select user_id from auth.memberships")).isEmpty();
    }

    @Test
    void showsAnAdminTheGuestsWhoWereLetIn() {
        assertThat(column(ada, "select id from auth.users"))
                .contains(ada.id(), guest.id())
                .doesNotContain(bob.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update auth.workspaces set name = 'mine'",
                "update auth.documents set state = 'trashed'",
                "update auth.memberships set role = 'viewer' where user_id <> auth.me()",
                "delete from auth.grants",
                "delete from auth.documents"
            })
    void changesNothingOfOthers(String sql) {
        assertThat(rows(bob, sql + (sql.contains("where") ? "" : " where true")).rowCount())
                .isEqualTo(sql.contains("workspaces") ? 1 : 0);
        assertThat(shield.count("select count(*) from auth.workspaces where name = 'mine' and id = '" + adas + "'"))
                .isZero();
    }

    @Test
    void takesNoMembershipThatSomebodyGivesThemselves() {
        assertForbidden(
                bob,
                "insert into auth.memberships (workspace_id, user_id, role) values ('" + adas + "', '" + bob.id()
                        + "', 'viewer')");
        assertForbidden(
                bob,
                "insert into auth.documents (document_id, workspace_id) values (gen_random_uuid(), '" + adas + "')");
        assertForbidden(
                guest,
                "insert into auth.grants (document_id, workspace_id, user_id, role) values ('" + document + "', '"
                        + adas + "', '" + bob.id() + "', 'viewer')");
        assertForbidden(bob, "insert into auth.workspaces (id, slug, name) values (gen_random_uuid(), 'bobs', 'B')");
    }

    @Test
    void letsNoEditorPromoteThemselves() {
        Person editor = shield.person("climber");
        shield.join(ada, adas.toString(), editor, Role.ROLE_EDITOR);
        assertThat(rows(editor, "update auth.memberships set role = 'owner' where user_id = auth.me()")
                        .rowCount())
                .isZero();

        shield.join(ada, adas.toString(), editor, Role.ROLE_ADMIN);
        assertForbidden(editor, "update auth.memberships set role = 'owner' where user_id = auth.me()");
        shield.join(ada, adas.toString(), editor, Role.ROLE_EDITOR);
        assertForbidden(editor, "update auth.documents set state = 'purged'");
    }

    @Test
    void answersForeignPoliciesOnceAQuery() {
        String plan = String.join(
                "\n",
                Await.result(tenant.asUser(
                                ada.id(),
                                transaction -> transaction
                                        .query("explain (analyze, costs off, timing off) select count(*)"
                                                + " from generate_series(1, 1000), (select '" + adas
                                                + "'::uuid as workspace_id) as foreign_table"
                                                + " where workspace_id in (select auth.my_workspaces())"
                                                + " or workspace_id in (select auth.my_documents())")
                                        .execute()))
                        .stream()
                        .map(row -> row.getString(0))
                        .toList());
        assertThat(plan).doesNotContain("loops=1000");
    }

    @Test
    void answersForeignPoliciesByRole() {
        assertThat(column(ada, "select auth.my_workspaces('owner')")).containsExactly(adas);
        assertThat(column(bob, "select auth.my_workspaces()")).doesNotContain(adas);
        assertThat(column(guest, "select auth.my_documents('editor')")).containsExactly(document);
        assertThat(column(guest, "select auth.my_documents('admin')")).isEmpty();
        assertThat(Await.result(tenant.client()
                                .query("select auth.my_workspaces()")
                                .execute())
                        .size())
                .isZero();
    }

    @Test
    void leavesNoUserBehindOnAConnection() {
        for (int i = 0; i < 20; i++) {
            Await.result(tenant.client()
                    .preparedQuery("select * from auth.standing($1, $2)")
                    .execute(Tuple.of(ada.id(), document)));
            assertThat(Await.result(tenant.client()
                                    .query("select * from auth.users")
                                    .execute())
                            .size())
                    .isZero();
        }
    }

    @Test
    void forcesRowSecurityOnEveryTable() {
        assertThat(shield.count("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = 'auth' and c.relkind = 'r' and c.relname not like '%history%'"
                        + " and not (c.relrowsecurity and c.relforcerowsecurity)"))
                .isZero();
    }

    private static RowSet<Row> rows(Person person, String sql) {
        return Await.result(
                tenant.asUser(person.id(), transaction -> transaction.query(sql).execute()));
    }

    private static List<UUID> column(Person person, String sql) {
        return rows(person, sql).stream().map(row -> row.getUUID(0)).toList();
    }

    private static void assertForbidden(Person person, String sql) {
        Throwable refusal = Await.failure(
                tenant.asUser(person.id(), transaction -> transaction.query(sql).execute()));
        assertThat(((PgException) refusal).getSqlState()).as(sql).isEqualTo("42501");
    }
}
