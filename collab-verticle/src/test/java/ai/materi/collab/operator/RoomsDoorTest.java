package ai.materi.collab.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.HocuspocusClient;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator sees: the live documents on the operator's port, by size, peers or lag, and what metrics say of them. */
@Timeout(120)
class RoomsDoorTest {
    private static RelayFixture relay;
    private static UUID busy;
    private static UUID large;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start();
        busy = relay.document();
        large = relay.document();
        YjsClient ada = relay.yjs(busy, "ada");
        YjsClient bob = relay.yjs(busy, "bob");
        HocuspocusClient eve = relay.hocuspocus(busy, "eve");
        ada.insert(0, "seen");
        ada.awaitSaved();
        bob.awaitText("seen");
        eve.insert(0, "not taken");
        Await.until("it is dropped", () -> eve.refusedEdits() > 0);
        YjsClient alone = relay.yjs(large, "ada");
        alone.insert(0, "x".repeat(10_000));
        alone.awaitSaved();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void listsLiveDocumentsByPeersAndBySize() {
        JsonObject byPeers = get("/rooms?sort=peers", 200);
        JsonObject first = byPeers.getJsonArray("items").getJsonObject(0);

        assertThat(byPeers.getInteger("total")).isEqualTo(2);
        assertThat(byPeers.getValue("next")).isNull();
        assertThat(first.getString("id")).isEqualTo(busy.toString());
        assertThat(first.getJsonObject("peers").getMap())
                .containsEntry("y_websocket", 2)
                .containsEntry("hocuspocus", 1);
        assertThat(first.getInteger("writers")).isEqualTo(2);
        assertThat(first.getLong("sequence")).isEqualTo(1);
        assertThat(first.getLong("uncommitted")).isZero();
        assertThat(first.getLong("lag_ms")).isZero();
        assertThat(first.getValue("idle_since")).isNull();

        JsonObject bySize = get("/rooms?limit=1", 200);
        assertThat(bySize.getInteger("next")).isEqualTo(1);
        assertThat(bySize.getJsonArray("items").getJsonObject(0).getString("id"))
                .isEqualTo(large.toString());
        assertThat(get("/rooms?limit=1&offset=1", 200)
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getString("id"))
                .isEqualTo(busy.toString());
    }

    @Test
    void showsOneDocumentWithItsLog() {
        Await.until("the log told", () -> get("/rooms/" + large, 200).getLong("log_rows") == 1);
        JsonObject room = get("/rooms/" + large, 200);

        assertThat(room.getLong("bytes")).isGreaterThan(10_000);
        assertThat(room.getLong("log_bytes")).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "/rooms?limit=0, 400, invalid_request",
        "/rooms?limit=1001, 400, invalid_request",
        "/rooms?limit=-1, 400, invalid_request",
        "/rooms?offset=99999999999999999999, 400, invalid_request",
        "/rooms?limit=%zz, 400, invalid_request",
        "/rooms?sort=name, 400, invalid_request",
        "/rooms/everything, 400, invalid_request",
        "/rooms/0190a0a0-0000-7000-8000-000000000000, 404, not_found",
        "/rooms/0190a0a0-0000-7000-8000-000000000000/x, 404, not_found"
    })
    void refuses(String path, int status, String code) {
        assertThat(get(path, status).getString("code")).isEqualTo(code);
    }

    @Test
    void measuresFanOutDropsAndTheLengthOfTheLogs() {
        var meters = relay.test().node().meters();

        Await.until(
                "the edit is measured",
                () -> meters.get("materi.collab.fanout").timer().count() == 1);
        Await.until(
                "both logs are known",
                () -> meters.get("materi.collab.log.rows").gauge().value() == 2);
        assertThat(meters.get("materi.collab.updates.dropped")
                        .tag("reason", "read_only")
                        .counter()
                        .count())
                .isPositive();
    }

    private static JsonObject get(String path, int status) {
        var client = relay.test().node().vertx().createHttpClient();
        return Await.result(client.request(
                        HttpMethod.GET, relay.test().node().http().operatorPort(), "127.0.0.1", path)
                .compose(request -> request.send().compose(response -> body(response, status)))
                .eventually(client::close));
    }

    private static Future<JsonObject> body(HttpClientResponse response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        return response.body().map(JsonObject::new);
    }
}
