package ai.materi.gateway.chaos;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;

/** As {@code y-websocket} 3.1: acknowledged by the answer to a question that was asked after what it sent. */
final class YjsEditor extends Editor {
    private static final int ASKS_EVERY = 4;

    private final ArrayDeque<Integer> questions = new ArrayDeque<>();
    private final String token;
    private int told;

    YjsEditor(
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
        return "/yjs/" + document() + "?token=" + token;
    }

    @Override
    int pause(int failures, Random dice) {
        return bounded(100 << Math.min(failures, 6));
    }

    @Override
    void greet() {
        questions.add(0);
        begin();
    }

    @Override
    void receive(Buffer message) {
        FrameReader reader = new FrameReader(message);
        switch (reader.type()) {
            case Messages.SYNC -> sync(reader);
            case Messages.AWARENESS -> presence(reader);
            default -> {
                // Nothing else says anything of edits.
            }
        }
    }

    @Override
    void transmit(Buffer message) {
        ClientWebSocket open = socket();
        if (open != null) {
            open.writeFinalBinaryFrame(message);
        }
    }

    @Override
    void sent(int edits) {
        told = edits;
        if (questions.isEmpty() && answered()) {
            ask();
        }
    }

    @Override
    void typed() {
        if (answered() && ledger().sent() % ASKS_EVERY == 0) {
            ask();
        }
    }

    private void ask() {
        questions.add(told);
        transmit(Messages.syncStep1(stateVector().encode()));
    }

    @Override
    void caughtUp() {
        Integer edits = questions.poll();
        if (edits != null) {
            ledger().acknowledge(edits);
        }
        if (questions.isEmpty() && answered() && ledger().acknowledged() < told) {
            ask();
        }
    }

    @Override
    void forgetSent() {
        questions.clear();
        told = 0;
    }
}
