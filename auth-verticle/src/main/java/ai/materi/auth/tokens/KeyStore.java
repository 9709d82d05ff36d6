package ai.materi.auth.tokens;

import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** The table {@code auth.signing_keys}; private keys are sealed before they get there. */
final class KeyStore {
    /** Keys of so many rotations are kept at most. */
    private static final String SELECT = """
            select kid, public_key, sealed_private_key, created_at
            from auth.signing_keys order by created_at desc, kid limit 8
            """;

    private static final String INSERT =
            "insert into auth.signing_keys (kid, public_key, sealed_private_key) values ($1, $2, $3)";

    /** Whoever signed with the older key has stopped long before a newer one is a day old. */
    private static final String DELETE_SUPERSEDED = """
            delete from auth.signing_keys k
            where exists (
                select from auth.signing_keys newer
                where newer.created_at > k.created_at and newer.created_at < now() - interval '1 day'
            )
            """;

    /** Nodes that start together, or rotate at the same hour, make one key. */
    private static final String LOCK = "select pg_advisory_xact_lock(hashtext('auth.signing_keys'))";

    private final Database login;
    private final Seal seal;

    KeyStore(Database login, Seal seal) {
        this.login = login;
        this.seal = seal;
    }

    record Stored(SigningKey key, OffsetDateTime createdAt) {
        boolean olderThan(Duration age) {
            return createdAt.isBefore(OffsetDateTime.now(ZoneOffset.UTC).minus(age));
        }
    }

    /** The newest first. */
    Future<List<Stored>> all() {
        return select(login.client());
    }

    /** Adds the candidate unless there is a key younger than {@code lifetime} by now; answers all keys, the newest first. */
    Future<List<Stored>> addUnlessFresh(SigningKey candidate, Duration lifetime) {
        return login.transaction(transaction -> transaction
                .query(LOCK)
                .execute()
                .compose(locked -> select(transaction))
                .compose(stored -> isFresh(stored, lifetime)
                        ? Future.succeededFuture(stored)
                        : insert(transaction, candidate).compose(inserted -> select(transaction))));
    }

    static boolean isFresh(List<Stored> stored, Duration lifetime) {
        return !stored.isEmpty() && !stored.get(0).olderThan(lifetime);
    }

    private Future<List<Stored>> select(SqlClient client) {
        return client.preparedQuery(SELECT)
                .execute()
                .map(rows -> rows.stream().map(this::stored).toList());
    }

    private Future<Void> insert(SqlConnection transaction, SigningKey key) {
        byte[] sealed = seal.close(key.privateKey().getEncoded(), purpose(key.kid()));
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(key.kid(), Buffer.buffer(key.publicKey().getEncoded()), Buffer.buffer(sealed)))
                .compose(inserted -> transaction.query(DELETE_SUPERSEDED).execute())
                .mapEmpty();
    }

    private Stored stored(Row row) {
        String kid = row.getString("kid");
        byte[] publicKey = row.getBuffer("public_key").getBytes();
        byte[] privateKey = open(row.getBuffer("sealed_private_key").getBytes(), kid);
        return new Stored(key(publicKey, privateKey), row.getOffsetDateTime("created_at"));
    }

    private byte[] open(byte[] sealed, String kid) {
        try {
            return seal.open(sealed, purpose(kid));
        } catch (BrokenSealException otherKey) {
            throw new IllegalStateException(
                    "The signing keys in the database were sealed with another auth.key_encryption_key. Give back that one,"
                            + " or empty the table auth.signing_keys: then everybody's access token is refused once and"
                            + " refreshed.",
                    otherKey);
        }
    }

    private static String purpose(String kid) {
        return "signing key " + kid;
    }

    private static SigningKey key(byte[] publicKey, byte[] privateKey) {
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            return SigningKey.of(
                    (RSAPublicKey) rsa.generatePublic(new X509EncodedKeySpec(publicKey)),
                    rsa.generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("A key in auth.signing_keys is damaged.", damaged);
        }
    }
}
