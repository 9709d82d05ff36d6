package ai.materi.gateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** One page of a list: {@code {"items": […], "next": "opaque cursor or null"}}. */
public final class Pages {
    private Pages() {}

    /** The last page has an empty {@code next}. */
    public static <T> Reply reply(List<T> items, Function<T, JsonObject> json, String next) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return Reply.json(200, new JsonObject().put("items", array).put("next", next.isEmpty() ? null : next));
    }
}
