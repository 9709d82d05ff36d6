package ai.materi.auth;

import ai.materi.platform.call.Principal;
import ai.materi.proto.auth.v1.Session;
import java.util.UUID;

/** Somebody who is signed in, as a test knows them. */
public record Person(Session session, Principal principal, String password) {
    public UUID id() {
        return principal.userId();
    }

    public String idText() {
        return principal.userId().toString();
    }

    public String email() {
        return principal.email();
    }
}
