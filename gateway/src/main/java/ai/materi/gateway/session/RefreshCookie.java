package ai.materi.gateway.session;

import ai.materi.gateway.http.Call;
import ai.materi.proto.auth.v1.Session;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The refresh token of a browser session: HttpOnly, SameSite=Strict, sent to the sign-in paths alone (RFC 6265bis). */
final class RefreshCookie {
    private static final String NAME = "materi_refresh";

    private final String path;
    private final boolean secure;

    RefreshCookie(String path, boolean secure) {
        this.path = path;
        this.secure = secure;
    }

    boolean isBrowser(Call call) {
        return "browser".equals(call.header("Materi-Client"));
    }

    Optional<String> read(Call call) {
        @Nullable Cookie cookie = call.request().getCookie(NAME);
        return Optional.ofNullable(cookie).map(Cookie::getValue).filter(value -> !value.isEmpty());
    }

    String holding(Call call, Session session) {
        return cookie(call, session.getRefreshToken(), session.getRefreshExpiresIn());
    }

    String ending(Call call) {
        return cookie(call, "", 0);
    }

    private String cookie(Call call, String value, int seconds) {
        return Cookie.cookie(NAME, value)
                .setPath(path)
                .setMaxAge(seconds)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(secure || call.request().isSSL())
                .encode();
    }
}
