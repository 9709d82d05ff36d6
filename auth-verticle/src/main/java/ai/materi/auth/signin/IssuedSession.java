package ai.materi.auth.signin;

import ai.materi.auth.users.User;
import java.time.Duration;

/** What a client goes on with after it registered, signed in or refreshed. */
public record IssuedSession(
        String accessToken, Duration accessTtl, String refreshToken, Duration refreshTtl, User user) {}
