package ai.materi.gateway.chaos;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;

/** As {@code @hocuspocus/provider} 4.8: acknowledged by one SyncStatus for each update and answer, in their order. */
final class HocuspocusEditor extends Editor {
    private final ArrayDeque<Integer> unacknowledged = new ArrayDeque<>();
    private final String token;

    HocuspocusEditor(
            Vertx vertx,
            WebSocketClient client,
            String name,
            UUID document,
            String token,
            IntSupplier port,
            long seed,
            String padding) {
        super(vertx, client, name, document, port, seed, padding);
        this.token = token;
    }

    @Override
    String path() {
        return "/collab";
    }

    /** A second after a close, then twice as long each time and random, as the provider; bounded closer than there. */
    @Override
    int pause(int failures, Random dice) {
        int longest = bounded(1000 << Math.min(failures, 4));
        return failures == 0 ? 1000 : 1000 + dice.nextInt(longest - 999);
    }

    @Override
    void greet() {
        transmit(new FrameWriter(64)
                .varUint(Messages.AUTH)
                .varUint(Messages.AUTH_TOKEN)
                .string(token)
                .string("4.8.0")
                .toBuffer());
    }

    @Override
    void receive(Buffer message) {
        FrameReader reader = new FrameReader(message);
        reader.string(256);
        switch (reader.type()) {
            case Messages.SYNC -> sync(reader);
            case Messages.AUTH -> admitted(reader);
            case Messages.SYNC_STATUS -> status(reader.varUint() == 1);
            case Messages.AWARENESS -> presence(reader);
            default -> {
                // A CLOSE message ends the stay for good: the verdict shows an editor that never settles.
            }
        }
    }

    private void admitted(FrameReader reader) {
        if (reader.type() == Messages.AUTH_DONE) {
            begin();
        }
    }

    private void status(boolean saved) {
        Integer edits = unacknowledged.poll();
        if (saved && edits != null) {
            ledger().acknowledge(edits);
        }
    }

    @Override
    void transmit(Buffer message) {
        ClientWebSocket open = socket();
        if (open != null) {
            open.writeFinalBinaryFrame(Messages.named(document().toString(), message));
        }
    }

    @Override
    void sent(int edits) {
        unacknowledged.add(edits);
    }

    @Override
    void forgetSent() {
        unacknowledged.clear();
    }
}
