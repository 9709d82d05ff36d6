package ai.materi.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The connections of one measurement. */
final class Lines {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long SWEEP_MILLIS = 500;
    private static final int CONNECT_MILLIS = 5000;

    private final Vertx vertx;
    private final NetClient client;
    private final List<Line> all;
    private final long sweep;

    private Lines(Vertx vertx, NetClient client, List<Line> all) {
        this.vertx = vertx;
        this.client = client;
        this.all = all;
        this.sweep = vertx.setPeriodic(SWEEP_MILLIS, tick -> all.forEach(line -> line.cutAfter(PATIENCE_NANOS)));
    }

    /** Opens so many connections to a port of this machine. */
    static Future<Lines> open(Vertx vertx, int port, int count) {
        NetClient client =
                vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(CONNECT_MILLIS));
        SocketAddress server = SocketAddress.inetSocketAddress(port, "127.0.0.1");
        List<Line> all = Stream.generate(() -> new Line(vertx, client, server))
                .limit(count)
                .toList();
        return Future.all(all.stream().map(Line::open).toList()).map(opened -> new Lines(vertx, client, all));
    }

    List<Line> all() {
        return all;
    }

    Future<Void> close() {
        vertx.cancelTimer(sweep);
        all.forEach(Line::close);
        return client.close();
    }
}
