package ai.materi.auth.demo;

import ai.materi.auth.news.Facts;
import ai.materi.auth.roles.Role;
import ai.materi.auth.users.Passwords;
import ai.materi.auth.users.User;
import ai.materi.auth.users.UserRef;
import ai.materi.auth.users.Users;
import ai.materi.auth.workspaces.Members;
import ai.materi.auth.workspaces.WorkspaceRef;
import ai.materi.auth.workspaces.Workspaces;
import ai.materi.platform.config.Settings;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/**
 * The workspace {@code demo} with an owner, Ada, and an editor, Bob, whose password everybody knows. In the development
 * profile only. What is there already stays as it is.
 */
public final class DemoData {
    private static final String PASSWORD = "materi-demo-1";
    private static final String SLUG = "demo";
    private static final String ADA = "ada@demo.materi.local";
    private static final String BOB = "bob@demo.materi.local";

    private final Database login;
    private final Users users;
    private final Passwords passwords;
    private final Workspaces workspaces;
    private final Members members;
    private final Facts facts;

    public DemoData(
            Database login, Users users, Passwords passwords, Workspaces workspaces, Members members, Facts facts) {
        this.login = login;
        this.users = users;
        this.passwords = passwords;
        this.workspaces = workspaces;
        this.members = members;
        this.facts = facts;
    }

    /** Whether demo data is wanted; a boot that wants it outside development is refused. */
    public static boolean enabled(Settings auth) {
        Settings demo = auth.section("demo");
        boolean enabled = demo.bool("enabled");
        if (enabled && !auth.profile().equals("development")) {
            throw demo.refused(
                    "enabled",
                    "must be false in the profile " + auth.profile()
                            + ": the password of the demo users is known to everybody");
        }
        return enabled;
    }

    public Future<Void> seed() {
        return Future.all(user(ADA, "Ada Lovelace"), user(BOB, "Bob Kahn"))
                .compose(both -> furnish(both.resultAt(0), both.resultAt(1)));
    }

    private Future<User> user(String email, String name) {
        return users.find(new UserRef.ByEmail(email))
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> create(email, name)));
    }

    private Future<User> create(String email, String name) {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        return passwords
                .hash(PASSWORD)
                .compose(hash -> login.transaction(transaction -> users.insert(transaction, id, email, name, hash)
                        .compose(user -> facts.userRegistered(transaction, user).map(user))))
                .recover(failure -> is(failure, ProblemCode.EMAIL_TAKEN)
                        ? users.find(new UserRef.ByEmail(email)).map(Optional::orElseThrow)
                        : Future.failedFuture(failure));
    }

    private Future<Void> furnish(User ada, User bob) {
        return workspaces
                .create(ada.id(), "Demo", Optional.of(SLUG))
                .compose(made -> members.put(ada.id(), WorkspaceRef.of(SLUG), new UserRef.ById(bob.id()), Role.EDITOR))
                .<Void>mapEmpty()
                .recover(failure ->
                        is(failure, ProblemCode.SLUG_TAKEN) ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    private static boolean is(Throwable failure, ProblemCode code) {
        return failure instanceof Problem problem && problem.code() == code;
    }
}
