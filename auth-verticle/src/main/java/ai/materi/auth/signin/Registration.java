package ai.materi.auth.signin;

import ai.materi.auth.fields.Fields;
import ai.materi.auth.news.Facts;
import ai.materi.auth.sessions.OpenSession;
import ai.materi.auth.sessions.Sessions;
import ai.materi.auth.users.Passwords;
import ai.materi.auth.users.UserRef;
import ai.materi.auth.users.Users;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/** Makes users, for whom the settings let in, and signs them in. */
public final class Registration {
    private final Database login;
    private final Users users;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Facts facts;
    private final RegistrationSettings settings;

    public Registration(
            Database login,
            Users users,
            Passwords passwords,
            Sessions sessions,
            Facts facts,
            RegistrationSettings settings) {
        this.login = login;
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.facts = facts;
        this.settings = settings;
    }

    /** Somebody who wants in; every field is checked when this is made. */
    public record Newcomer(String email, String password, String name, String invitation) {
        private static final int MAX_INVITATION = 256;

        /** An empty name is the local part of the address. */
        public static Newcomer of(String email, String password, String name, String invitation) {
            String address = Fields.email("email", email);
            String shown = name.isBlank() ? address.substring(0, address.indexOf('@')) : name;
            if (invitation.length() > MAX_INVITATION) {
                throw Fields.invalid("invitation", "An invitation has at most " + MAX_INVITATION + " characters.");
            }
            return new Newcomer(
                    address, Fields.newPassword("password", password), Fields.name("name", shown), invitation);
        }
    }

    /** Fails with {@code registration_closed}, {@code email_taken}, {@code weak_password} or {@code overloaded}. */
    public Future<OpenSession> register(Newcomer newcomer) {
        requireInvited(newcomer.invitation());
        return users.find(new UserRef.ByEmail(newcomer.email()))
                .map(present -> {
                    present.ifPresent(user -> {
                        throw emailTaken();
                    });
                    return newcomer;
                })
                .compose(free -> passwords.accept(free.password(), free.email(), free.name()))
                .compose(hash -> create(newcomer, hash));
    }

    public RegistrationSettings.Mode mode() {
        return settings.mode();
    }

    private Future<OpenSession> create(Newcomer newcomer, String hash) {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        return login.transaction(transaction -> users.insert(transaction, id, newcomer.email(), newcomer.name(), hash)
                .compose(user ->
                        facts.userRegistered(transaction, user).compose(stated -> sessions.open(transaction, user))));
    }

    private void requireInvited(String invitation) {
        boolean invited = switch (settings.mode()) {
            case OPEN -> true;
            case INVITATION -> isInvitation(invitation);
            case OFF -> false;
        };
        if (!invited) {
            throw Problem.of(ProblemCode.REGISTRATION_CLOSED, "Registration is not open to you here.");
        }
    }

    /** Compared in constant time with every code, so that the time says nothing about any. */
    private boolean isInvitation(String invitation) {
        boolean found = false;
        for (String code : settings.invitations()) {
            found |= MessageDigest.isEqual(
                    code.getBytes(StandardCharsets.UTF_8), invitation.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    private static Problem emailTaken() {
        return Problem.of(ProblemCode.EMAIL_TAKEN, "Somebody is registered with this address.");
    }
}
