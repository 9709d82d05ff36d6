package ai.materi.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final UseCase NOTHING = call -> Future.succeededFuture(Reply.empty(204));
    private static final Endpoint LIST = Endpoint.get("/api/things", NOTHING);
    private static final Endpoint READ = Endpoint.get("/api/things/{id}", NOTHING);
    private static final Endpoint MAKE = Endpoint.post("/api/things", NOTHING);
    private static final Endpoint PART = Endpoint.get("/api/things/{id}/parts/{part}", NOTHING);

    private final RouteTable table = new RouteTable(List.of(LIST, READ, MAKE, PART));

    @Test
    void findsEndpointsAndTheirParameters() {
        assertThat(table.match(HttpMethod.GET, "/api/things/7/parts/x"))
                .isEqualTo(new RouteTable.Match.Found(PART, Map.of("id", "7", "part", "x")));
        assertThat(table.match(HttpMethod.HEAD, "/api/things/")).isEqualTo(new RouteTable.Match.Found(LIST, Map.of()));
    }

    @Test
    void listsTheOtherMethodsOfAPath() {
        assertThat(table.match(HttpMethod.DELETE, "/api/things"))
                .isEqualTo(new RouteTable.Match.OtherMethod("GET, HEAD, OPTIONS, POST"));
    }

    @Test
    void knowsNoOtherPath() {
        for (String path :
                List.of("", "/", "/api", "/api/things//", "/api/things//parts/x", "/api/%74hings", "api/things")) {
            assertThat(table.match(HttpMethod.GET, path)).as(path).isInstanceOf(RouteTable.Match.Unknown.class);
        }
    }

    @Test
    void refusesTwoEndpointsForOneOperation() {
        assertThatThrownBy(() -> new RouteTable(List.of(LIST, LIST))).isInstanceOf(IllegalArgumentException.class);
    }
}
