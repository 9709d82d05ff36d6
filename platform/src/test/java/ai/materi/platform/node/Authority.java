package ai.materi.platform.node;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A certificate authority of a test, and the PEM files of those for whom it signs. */
public final class Authority {
    private final Path folder;
    private final X509Bundle root;

    /** The files of one node or client. */
    public record Papers(Path certificate, Path key, Path authority) {
        /** As settings below a section, e.g. {@code grpc}. */
        public Map<String, String> settings(String section) {
            return Map.of(
                    section + ".tls_cert", certificate.toString(),
                    section + ".tls_key", key.toString(),
                    section + ".tls_ca", authority.toString());
        }
    }

    private Authority(Path folder, X509Bundle root) {
        this.folder = folder;
        this.root = root;
    }

    /** A new one, with its files in this folder. */
    public static Authority in(Path folder) {
        try {
            return new Authority(
                    Files.createDirectories(folder),
                    new CertificateBuilder()
                            .subject("CN=" + folder.getFileName())
                            .setIsCertificateAuthority(true)
                            .buildSelfSigned());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a node on loopback, which is a server to some and a client to others. */
    public Papers papersFor(String name) {
        try {
            X509Bundle signed = new CertificateBuilder()
                    .subject("CN=" + name)
                    .addSanIpAddress("127.0.0.1")
                    .addSanDnsName("localhost")
                    .addExtendedKeyUsageServerAuth()
                    .addExtendedKeyUsageClientAuth()
                    .buildIssuedBy(root);
            return new Papers(
                    file(name + ".crt", signed.getCertificatePathPEM()),
                    file(name + ".key", signed.getPrivateKeyPEM()),
                    file("ca.crt", root.getCertificatePEM()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Path file(String name, String pem) {
        try {
            return Files.writeString(folder.resolve(name), pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
