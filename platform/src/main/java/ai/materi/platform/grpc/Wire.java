package ai.materi.platform.grpc;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code grpc}: where the port is, and how big and how secret what passes it may be.
 *
 * @param tls absent only on loopback
 */
record Wire(String host, int port, boolean reflection, int maxMessage, Optional<Tls> tls) {
    /** PEM files: a certificate and key of this node, and the authority that signs those of all nodes. */
    record Tls(String certificate, String key, String authority) {}

    private static final int MAX_HEADERS = 16 * 1024;
    private static final int MAX_STREAMS = 1000;
    private static final int IDLE_SECONDS = 300;

    static Wire of(Settings grpc) {
        String host = grpc.string("host");
        Optional<Tls> tls = grpc.optional("tls_cert").map(certificate -> tls(grpc, certificate));
        if (tls.isEmpty() && !isLoopback(host)) {
            throw new ConfigException("grpc.host is " + host + ": outside loopback, calls need mutual TLS; "
                    + "set grpc.tls_cert, grpc.tls_key and grpc.tls_ca, or grpc.host to 127.0.0.1");
        }
        return new Wire(host, grpc.integer("port", 0, 65535), grpc.bool("reflection"), grpc.bytes("max_message"), tls);
    }

    private static Tls tls(Settings grpc, String certificate) {
        return new Tls(certificate, grpc.string("tls_key"), grpc.string("tls_ca"));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException("grpc.host: there is no " + host);
        }
    }

    HttpServerOptions serverOptions() {
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(MAX_HEADERS)
                .setInitialSettings(
                        new Http2Settings().setMaxHeaderListSize(MAX_HEADERS).setMaxConcurrentStreams(MAX_STREAMS));
        tls.ifPresent(files -> options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(keys(files))
                .setTrustOptions(trust(files)));
        return options;
    }

    GrpcClient client(Vertx vertx) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(2000)
                .setHttp2KeepAliveTimeout(IDLE_SECONDS / 2);
        tls.ifPresent(files -> options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(keys(files))
                .setTrustOptions(trust(files)));
        return GrpcClient.builder(vertx)
                .with(options)
                .with(new GrpcClientOptions().setMaxMessageSize(maxMessage).setScheduleDeadlineAutomatically(true))
                .build();
    }

    private static PemKeyCertOptions keys(Tls files) {
        return new PemKeyCertOptions().setCertPath(files.certificate()).setKeyPath(files.key());
    }

    private static PemTrustOptions trust(Tls files) {
        return new PemTrustOptions().addCertPath(files.authority());
    }
}
