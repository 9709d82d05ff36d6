package ai.materi.gateway.contract;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code openapi.yaml}, served as {@code /openapi.json}. */
public final class ContractEndpoint {
    private static final String FILE = "/openapi.yaml";

    private final Buffer json;
    private final String etag;

    private ContractEndpoint(Buffer json) {
        this.json = json;
        CRC32C checksum = new CRC32C();
        checksum.update(json.getBytes());
        this.etag = "\"" + HexFormat.of().toHexDigits((int) checksum.getValue()) + "\"";
    }

    /** Reads the file out of the jar: blocks. */
    public static ContractEndpoint load() {
        return new ContractEndpoint(contract().toBuffer());
    }

    /** The contract itself: blocks. */
    public static JsonObject contract() {
        try (InputStream yaml = ContractEndpoint.class.getResourceAsStream(FILE)) {
            if (yaml == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            Map<String, Object> contract = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return new JsonObject(contract);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/openapi.json", this::read).access(Access.OPEN).servedAlways());
    }

    private Future<Reply> read(Call call) {
        boolean known = call.tags("If-None-Match")
                .map(tags -> tags.matchesWeakly(etag.substring(1, etag.length() - 1)))
                .orElse(false);
        Reply.Content reply = known ? Reply.empty(304) : Reply.of(200, Reply.JSON, json);
        return Future.succeededFuture(reply.with("etag", etag).with("cache-control", "public, max-age=300"));
    }
}
