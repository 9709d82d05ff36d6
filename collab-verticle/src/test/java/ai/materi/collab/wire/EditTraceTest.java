package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RawSocket;
import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.TestShield;
import ai.materi.collab.clients.YjsClient;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An edit at a socket leaves a trace from its arrival to its acknowledgement, within the trace that the upgrade came with. */
@Timeout(60)
class EditTraceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final List<String> PARTS = List.of("apply", "fan-out", "commit");

    private final Vertx collector = Vertx.vertx();
    private final List<Buffer> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        Await.result(collector.close());
    }

    @Test
    void tracesTheEditsOfASocketThatBelongsToATrace() {
        try (RelayFixture relay = start("0")) {
            UUID document = relay.document();
            YjsClient reader = relay.yjs(document, "ada");
            edit(relay, document, Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"));
            reader.awaitText("traced");
            reader.awaitSaved();
        }

        assertThat(spans()).contains(PARTS).contains("edit", "materi.document");
        byte[] id = HexFormat.of().parseHex(TRACE);
        assertThat(spans()).contains(new String(id, StandardCharsets.ISO_8859_1));
    }

    @Test
    void tracesNoOtherEditsWhenNoneAreAskedFor() {
        try (RelayFixture relay = start("0")) {
            YjsClient writer = relay.yjs(relay.document(), "ada");
            writer.insert(0, "not traced");
            writer.awaitSaved();
        }

        assertThat(spans()).doesNotContain("materi.document");
    }

    @Test
    void tracesAsManyOtherEditsAsAreAskedFor() {
        try (RelayFixture relay = start("1")) {
            UUID document = relay.document();
            YjsClient reader = relay.yjs(document, "ada");
            edit(relay, document, Map.of());
            reader.awaitText("traced");
            reader.awaitSaved();
        }

        assertThat(spans()).contains(PARTS).contains("materi.document");
    }

    private RelayFixture start(String oneEditIn) {
        var server = Await.result(collector
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(body);
                    request.response().end();
                }))
                .listen(0, "127.0.0.1"));
        return RelayFixture.start(
                "tracing.enabled",
                "true",
                "tracing.one_edit_in",
                oneEditIn,
                "tracing.endpoint",
                "http://127.0.0.1:" + server.actualPort() + "/v1/traces");
    }

    private static void edit(RelayFixture relay, UUID document, Map<String, String> headers) {
        Doc doc = new Doc();
        doc.text("content").insert(0, "traced");
        RawSocket socket = RawSocket.open(
                relay.test().node().vertx(),
                relay.port(),
                "/yjs/" + document + "?token=" + TestShield.token("bob"),
                headers,
                List.of());
        socket.send(Messages.syncUpdate(doc.encodeState())).send(Messages.syncStep1(new byte[] {0}));
        socket.await("the edit is committed", message -> message.getByte(1) == Messages.SYNC_STEP_2);
    }

    /** What was sent, in which names stand as they are. */
    private String spans() {
        StringBuilder all = new StringBuilder();
        received.forEach(body -> all.append(body.toString(StandardCharsets.ISO_8859_1)));
        return all.toString();
    }
}
