package ai.materi.collab.operator;

import ai.materi.collab.room.RoomView;
import ai.materi.collab.room.Rooms;
import ai.materi.platform.http.HttpDoor;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /rooms} and {@code GET /rooms/{id}} on the operator's port. A list is gathered once for all who ask meanwhile: it
 * costs each event loop a task a room.
 */
public final class RoomsDoor {
    public static final String PATH = "/rooms";

    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int FARTHEST = 1_000_000;
    private static final long WITHIN_MS = 2_000;

    /** Largest first. */
    private static final Map<String, Comparator<RoomView>> ORDERS = Map.of(
            "size", Comparator.comparingLong(RoomView::bytes).reversed(),
            "peers", Comparator.comparingInt(RoomView::allPeers).reversed(),
            "lag", Comparator.comparingLong(RoomView::lagMs).reversed());

    private final Rooms rooms;
    private final AtomicReference<@Nullable Future<List<RoomView>>> gathering = new AtomicReference<>();

    public RoomsDoor(Rooms rooms) {
        this.rooms = rooms;
    }

    public Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get("/").handler(this::list);
        router.get("/:id").handler(this::one);
        return router;
    }

    private void list(RoutingContext rc) {
        rc.put(HttpDoor.ROUTE, PATH);
        int limit = number(rc, "limit", USUAL, 1, MOST);
        int offset = number(rc, "offset", 0, 0, FARTHEST);
        Comparator<RoomView> order = order(rc);
        answer(rc, gathered(), views -> page(views, order, offset, limit));
    }

    private void one(RoutingContext rc) {
        rc.put(HttpDoor.ROUTE, PATH + "/{id}");
        Future<RoomView> found = rooms.view(id(rc), WITHIN_MS)
                .map(view -> view.orElseThrow(
                        () -> Problem.of(ProblemCode.NOT_FOUND, "This document is not live on this node.")));
        answer(rc, found, RoomsDoor::json);
    }

    private Future<List<RoomView>> gathered() {
        Future<List<RoomView>> underWay = gathering.get();
        if (underWay != null) {
            return underWay;
        }
        Future<List<RoomView>> mine = rooms.views(WITHIN_MS);
        gathering.set(mine);
        return mine.onComplete(done -> gathering.compareAndSet(mine, null));
    }

    private static int number(RoutingContext rc, String name, int usual, int least, int most) {
        String given = rc.queryParams().get(name);
        if (given == null) {
            return usual;
        }
        if (!given.matches("\\d{1,7}") || Integer.parseInt(given) < least || Integer.parseInt(given) > most) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, name + " is a number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(given);
    }

    private static Comparator<RoomView> order(RoutingContext rc) {
        String given = rc.queryParams().get("sort");
        Comparator<RoomView> order = ORDERS.get(given == null ? "size" : given);
        if (order == null) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "sort is size, peers or lag.");
        }
        return order.thenComparing(RoomView::documentId);
    }

    private static UUID id(RoutingContext rc) {
        try {
            return UUID.fromString(rc.pathParam("id"));
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "A document's id is a UUID.");
        }
    }

    private static JsonObject page(List<RoomView> views, Comparator<RoomView> order, int offset, int limit) {
        JsonArray items = new JsonArray();
        views.stream().sorted(order).skip(offset).limit(limit).forEach(view -> items.add(json(view)));
        int end = offset + items.size();
        return new JsonObject()
                .put("items", items)
                .put("total", views.size())
                .put("next", end < views.size() && !items.isEmpty() ? end : null);
    }

    private static JsonObject json(RoomView view) {
        JsonObject peers = new JsonObject();
        view.peers().forEach((wire, count) -> peers.put(wire.word(), count));
        return new JsonObject()
                .put("id", view.documentId().toString())
                .put("name", view.name().toString())
                .put("workspace_id", view.workspaceId().toString())
                .put("generation", view.generation())
                .put("bytes", view.bytes())
                .put("peers", peers)
                .put("writers", view.writers())
                .put("sequence", view.sequence())
                .put("uncommitted", view.uncommitted())
                .put("lag_ms", view.lagMs())
                .put("presences", view.presences())
                .put("pending_bytes", view.pendingBytes())
                .put("log_rows", view.logRows())
                .put("log_bytes", view.logBytes())
                .put("idle_since", view.idleSince());
    }

    /** Back on the loop of the request: the answer comes from a loop of rooms. */
    private static <T> void answer(RoutingContext rc, Future<T> found, Function<T, JsonObject> body) {
        Context here = rc.vertx().getOrCreateContext();
        found.onComplete(done -> here.runOnContext(none -> {
            if (done.succeeded()) {
                send(rc, body.apply(done.result()));
            } else {
                rc.fail(done.cause());
            }
        }));
    }

    private static void send(RoutingContext rc, JsonObject body) {
        rc.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
