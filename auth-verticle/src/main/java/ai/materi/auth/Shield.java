package ai.materi.auth;

import ai.materi.auth.demo.DemoData;
import ai.materi.auth.documents.Documents;
import ai.materi.auth.grants.Grants;
import ai.materi.auth.links.ShareLinks;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.news.Facts;
import ai.materi.auth.sessions.SessionSettings;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.signin.Entrance;
import ai.materi.auth.signin.Login;
import ai.materi.auth.signin.Registration;
import ai.materi.auth.signin.RegistrationSettings;
import ai.materi.auth.tickets.Tickets;
import ai.materi.auth.tokens.AccessTokens;
import ai.materi.auth.tokens.Seal;
import ai.materi.auth.tokens.SigningKeys;
import ai.materi.auth.tokens.TokenSettings;
import ai.materi.auth.users.Passwords;
import ai.materi.auth.users.Users;
import ai.materi.auth.workers.BoundedPool;
import ai.materi.auth.workspaces.Members;
import ai.materi.auth.workspaces.Workspaces;
import ai.materi.platform.config.Settings;
import ai.materi.platform.node.Node;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The parts of this module, put together once. */
final class Shield {
    /** Works for one user at a time. */
    static final String TENANT_ROLE = "materi_auth";
    /** Works before there is a user. */
    static final String LOGIN_ROLE = "materi_auth_login";

    static final List<String> ROLES = List.of(TENANT_ROLE, LOGIN_ROLE);

    private final SigningKeys keys;
    private final Sessions sessions;
    private final DemoData demoData;
    private final boolean demo;
    private final AuthDoor door;

    /**
     * @param settings the section {@code auth}
     * @param seal of the signing keys
     */
    Shield(Node node, Settings settings, Seal seal, BoundedPool hashing, BoundedPool signing) {
        Database tenant = node.postgres().as(TENANT_ROLE);
        Database login = node.postgres().as(LOGIN_ROLE);
        TokenSettings tokens = TokenSettings.from(settings);
        RegistrationSettings registration = RegistrationSettings.from(settings);
        Facts facts = new Facts(node.outbox());
        Announcements announcements = new Announcements(node.access());
        Users users = new Users(tenant, login);
        Passwords passwords =
                new Passwords(hashing, settings.section("password").integer("min_score", 0, 4));
        Workspaces workspaces =
                new Workspaces(tenant, settings.integer("workspaces_per_user", 0, 10_000), facts, announcements);
        Members members = new Members(tenant, users, facts, announcements);
        Documents documents = new Documents(tenant, announcements);
        Duration ticketTtl = settings.duration("ticket_ttl", Duration.ofSeconds(1), Duration.ofMinutes(10));
        this.demo = DemoData.enabled(settings);
        this.demoData = new DemoData(login, users, passwords, workspaces, members, facts);
        this.keys = new SigningKeys(node.vertx(), login, seal, signing, tokens);
        this.sessions = new Sessions(login, users, SessionSettings.from(settings), facts, announcements);
        this.door = new AuthDoor(new AuthDoor.Parts(
                node.degradation(),
                new Entrance(
                        new Registration(login, users, passwords, sessions, facts, registration),
                        new Login(users, passwords, sessions),
                        sessions,
                        new AccessTokens(keys, signing, tokens),
                        node.meters()),
                registration,
                users,
                sessions,
                keys,
                new Tickets(node.redis(), documents, sessions, ticketTtl),
                documents,
                workspaces,
                members,
                new Grants(tenant, users, announcements),
                new ShareLinks(tenant, login, announcements, settings.integer("links_per_document", 0, 10_000)),
                demo));
    }

    AuthDoor door() {
        return door;
    }

    /** Before the door opens. */
    Future<Void> prepare() {
        return keys.ensureFresh().compose(ready -> demo ? demoData.seed() : Future.succeededFuture());
    }

    /** Every now and then. */
    Future<Void> tidy() {
        return keys.ensureFresh().compose(fresh -> sessions.forgetExpired());
    }
}
