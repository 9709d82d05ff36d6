package ai.materi.platform.postgres;

import ai.materi.platform.config.ConfigException;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The role that owns the schemas: the one of DATABASE_URL. It migrates and does nothing else. The passwords of the runtime
 * roles follow from its password, so that every node knows them without being told.
 */
final class Owner {
    private final PgConnectOptions options;

    private Owner(PgConnectOptions options) {
        this.options = options;
    }

    /** Throws {@link ConfigException}, without the URL, which holds a password. */
    static Owner of(String url) {
        PgConnectOptions options = parse(url);
        if (!hasPassword(url)) {
            throw new ConfigException("DATABASE_URL: has no password; those of the runtime roles are derived from it");
        }
        return new Owner(secured(options));
    }

    /** Asked of the URL itself: the client falls back to a password of its own. */
    private static boolean hasPassword(String url) {
        @Nullable String userInfo = URI.create(url).getRawUserInfo();
        return userInfo != null && userInfo.matches("[^:]+:.+");
    }

    private static PgConnectOptions parse(String url) {
        try {
            return PgConnectOptions.fromUri(url);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("DATABASE_URL: is not of the form postgres://user:password@host:port/database");
        }
    }

    /** Encrypts as {@code sslmode} says; only the {@code verify-…} modes check the certificate, against the JVM's CAs. */
    private static PgConnectOptions secured(PgConnectOptions options) {
        SslMode mode = options.getSslMode();
        if (mode == SslMode.DISABLE) {
            return options;
        }
        boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        return options.setSslOptions(new ClientSSLOptions()
                .setTrustAll(!verifies)
                .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : ""));
    }

    PgConnectOptions options() {
        return new PgConnectOptions(options);
    }

    /** {@code host:port/database}, for messages. */
    String place() {
        return options.getHost() + ":" + options.getPort() + "/" + options.getDatabase();
    }

    /** HMAC-SHA-256 of the role's name under the owner's password, in base64url: 256 bits. */
    String passwordOf(String role) {
        return secret("materi role " + role);
    }

    /** HMAC-SHA-256 of what it is for under the owner's password, in base64url: 256 bits that all nodes know. */
    String secret(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(options.getPassword().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    String jdbcUrl() {
        String host = options.getHost();
        return "jdbc:postgresql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + options.getPort() + "/"
                + options.getDatabase();
    }

    Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.setProperty("user", options.getUser());
        properties.setProperty("password", options.getPassword());
        properties.setProperty("ApplicationName", "materi migrations");
        properties.setProperty("sslmode", options.getSslMode().value);
        if (options.getSslMode() == SslMode.VERIFY_CA || options.getSslMode() == SslMode.VERIFY_FULL) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return properties;
    }
}
