package ai.materi.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What the gateway answered. */
record Answer(HttpResponse<byte[]> response) {
    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonObject json() {
        return new JsonObject(text());
    }

    JsonArray items() {
        return json().getJsonArray("items");
    }

    String code() {
        return json().getString("code");
    }
}
