package ai.materi.collab.wire;

import ai.materi.collab.access.Gate;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Limit;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Loops;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Traceparent;
import ai.materi.platform.config.Settings;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.HttpDoor;
import ai.materi.platform.node.Node;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts both wires and takes their sockets in. An upgrade is always accepted first, since only then there is a close code. */
public final class WireDoor {
    private static final Logger LOG = LoggerFactory.getLogger(WireDoor.class);
    private static final int UPGRADE_REQUIRED = 426;
    private static final int FORBIDDEN = 403;

    private final Loops loops;
    private final WireParts parts;
    private final LineKeeper keeper;
    private final HttpDoor http;
    private final Degradation degradation;

    public WireDoor(Node node, Settings wire, Loops loops, Gate gate, Rooms rooms) {
        this.loops = loops;
        this.keeper = new LineKeeper(node.vertx());
        this.parts = new WireParts(
                node.vertx(),
                node.identity(),
                gate,
                rooms,
                WireSettings.of(wire),
                new WireMeters(node.meters(), keeper::count, keeper::unsent),
                node.traces());
        this.http = node.http();
        this.degradation = node.degradation();
        mount(node.vertx());
    }

    public void start() {
        keeper.start();
    }

    public void stop() {
        keeper.stop();
    }

    /** Sends everybody elsewhere. */
    public Future<Void> dismiss() {
        parts.rooms().forEach(Room::dismiss);
        return keeper.dismiss(parts.settings().dismissWithin().toMillis());
    }

    private void mount(Vertx vertx) {
        Router hocuspocus = Router.router(vertx);
        hocuspocus.route().handler(request -> upgrade(request, line -> new HocuspocusSocket(line, parts)));
        http.mount("/collab", hocuspocus);
        Router yjs = Router.router(vertx);
        yjs.route().handler(this::yjs);
        http.mount("/yjs", yjs);
    }

    private void yjs(RoutingContext routing) {
        Credentials credentials = Credentials.of(routing.request());
        DocumentName document = document(routing.request());
        upgrade(routing, line -> new YjsSocket(line, parts, document))
                .onSuccess(line -> line.loop().run(() -> {
                    if (line.isOpen() && line.listener() instanceof YjsSocket socket) {
                        socket.open(credentials);
                    }
                }));
    }

    private Future<Line> upgrade(RoutingContext routing, Function<Line, LineListener> protocol) {
        HttpServerRequest request = routing.request();
        if (!request.canUpgradeToWebSocket()) {
            routing.response()
                    .setStatusCode(UPGRADE_REQUIRED)
                    .putHeader("Upgrade", "websocket")
                    .end();
            return Future.failedFuture("no upgrade was asked for");
        }
        if (!http.websocketOriginAllowed(request)) {
            routing.response().setStatusCode(FORBIDDEN).end();
            return Future.failedFuture("the origin is not allowed");
        }
        @Nullable
        String trace = Traceparent.isSampled(request.getHeader("traceparent"))
                ? CallContext.current().traceparent()
                : null;
        return request.toWebSocket()
                .map(socket -> line(socket, ((ConnectionBase) request.connection()).channel(), trace, protocol))
                .onFailure(failure -> LOG.debug("an upgrade failed", failure));
    }

    private Line line(
            ServerWebSocket socket, Channel connection, @Nullable String trace, Function<Line, LineListener> protocol) {
        Loop loop = loops.current();
        Line line = new Line(socket, connection, loop, trace, parts, keeper, protocol);
        FrameBound.watch(
                connection, parts.settings().frameBytes(), () -> loop.post(() -> line.end(Ending.FRAME_TOO_LARGE)));
        if (keeper.isDismissing()) {
            line.end(Ending.GOING_AWAY);
        } else if (keeper.count() >= parts.settings().sockets()) {
            parts.meters().met(Limit.SOCKETS);
            line.end(Ending.TRY_LATER);
        } else if (!opens()) {
            line.end(Ending.TRY_LATER);
        } else {
            keeper.add(line);
        }
        return line;
    }

    /** Whether a newcomer's document could be read. Who is in already stays: their edits wait for their commit. */
    private boolean opens() {
        return degradation.level().offers(Degradation.Feature.READ);
    }

    /** What stands behind {@code /yjs/}. */
    private static @Nullable DocumentName document(HttpServerRequest request) {
        String path = request.path();
        return DocumentName.parse(path.substring(path.indexOf('/', 1) + 1));
    }
}
