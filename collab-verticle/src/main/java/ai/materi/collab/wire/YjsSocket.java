package ai.materi.collab.wire;

import ai.materi.collab.access.Endings;
import ai.materi.collab.access.Standing;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Missed;
import ai.materi.collab.room.Peer;
import ai.materi.collab.room.Wire;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One socket of the y-websocket wire (y-websocket 3.1, y-protocols 1.0): one document, one message a frame. The server
 * asks for the client's state on opening. The wire knows no acknowledgement, so a client's own question is answered only
 * after everything received before it is committed. Nothing is read from the socket until the document is open.
 */
final class YjsSocket implements LineListener, Peer {
    private static final Buffer KEEPALIVE = Messages.noAwareness();

    private final Line line;
    private final WireParts parts;
    private final @Nullable DocumentName document;
    private final Lag lag;
    private State state = new Admitting();
    private volatile @Nullable Standing standing;

    private sealed interface State {}

    /** Who it is, and whether they may, is being found out. */
    private record Admitting() implements State {}

    /** In the room. */
    private record Open(Membership membership, boolean checking) implements State {}

    private record Gone() implements State {}

    /** @param document null when the path named none */
    YjsSocket(Line line, WireParts parts, @Nullable DocumentName document) {
        this.line = line;
        this.parts = parts;
        this.document = document;
        this.lag = new Lag(line, parts.meters(), this::catchUp);
    }

    void open(Credentials credentials) {
        line.hold();
        credentials
                .verify(parts.identity(), document)
                .compose(principal -> admitted(principal, credentials))
                .onComplete(joined -> line.loop().run(() -> {
                    if (joined.failed()) {
                        line.end(Endings.of(joined.cause()));
                    } else {
                        opened(joined.result());
                    }
                }));
    }

    private Future<Membership> admitted(Principal principal, Credentials credentials) {
        DocumentName asked = document;
        if (asked == null) {
            return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such document."));
        }
        standing = Standing.of(principal, credentials.accessToken());
        return parts.gate()
                .admit(principal, credentials.accessToken(), asked)
                .compose(admission -> parts.rooms().with(admission, room -> {
                    Membership membership = line.join(room, this, admission.writes());
                    room.ask(membership.seat());
                    room.introduce(membership.seat());
                    return Future.succeededFuture(membership);
                }));
    }

    private void opened(Membership membership) {
        if (state instanceof Gone) {
            membership.leave();
        } else {
            state = new Open(membership, false);
            line.release();
        }
    }

    @Override
    public void message(Buffer message) {
        if (!(state instanceof Open open)) {
            return;
        }
        FrameReader reader = new FrameReader(message);
        switch (reader.type()) {
            case Messages.SYNC -> sync(open.membership(), reader);
            case Messages.AWARENESS -> {
                byte[] update = reader.bytes();
                open.membership().ask(update.length, (room, seat) -> room.presence(seat, update));
            }
            case Messages.QUERY_AWARENESS -> open.membership().ask(0, (room, seat) -> room.introduce(seat));
            case Messages.AUTH -> {
                // y-protocols defines only what a server says here.
            }
            default -> throw new MalformedFrameException("an unknown message type");
        }
    }

    private static void sync(Membership membership, FrameReader reader) {
        int step = reader.type();
        byte[] payload = reader.bytes();
        switch (step) {
            case Messages.SYNC_STEP_1 ->
                membership.ask(
                        payload.length, (room, seat) -> room.whenCommitted(seat, () -> room.answer(seat, payload)));
            case Messages.SYNC_STEP_2, Messages.SYNC_UPDATE -> membership.edit(payload, false, saved -> {});
            default -> throw new MalformedFrameException("an unknown sync message");
        }
    }

    private boolean catchUp(Missed missed) {
        if (state instanceof Open open) {
            open.membership().catchUp(lag, missed);
        }
        return state instanceof Open;
    }

    @Override
    public void tick(long now) {
        if (line.isQuiet(now)) {
            line.send(KEEPALIVE);
        }
        Standing current = standing;
        if (state instanceof Open open && !open.checking() && current != null && current.isDue(now)) {
            state = new Open(open.membership(), true);
            check(open.membership(), current);
        }
    }

    private void check(Membership membership, Standing current) {
        parts.gate()
                .admit(current.principal(), current.token(), membership.room().name())
                .onComplete(answer -> line.loop().run(() -> {
                    if (answer.failed()) {
                        line.end(Endings.again(answer.cause()));
                    } else if (state instanceof Open) {
                        standing = current.checked(System.currentTimeMillis());
                        state = new Open(membership, false);
                    }
                }));
    }

    @Override
    public void gone() {
        State before = state;
        state = new Gone();
        if (before instanceof Open open) {
            open.membership().leave();
        }
    }

    @Override
    public Loop loop() {
        return line.loop();
    }

    @Override
    public Wire wire() {
        return Wire.Y_WEBSOCKET;
    }

    @Override
    public void deliver(SharedFrame frame) {
        lag.deliver(frame, frame.plain());
    }

    @Override
    public void deliver(SharedState state) {
        lag.deliver(state, null);
    }

    @Override
    public void scope(boolean writes) {
        // This wire has no word for it: what a reader sends is dropped, and asked for again once they may write.
    }

    @Override
    public void end(Ending ending) {
        line.end(ending);
    }

    @Override
    public Principal principal() {
        Standing current = standing;
        if (current == null) {
            throw new IllegalStateException("nobody joins before they are known");
        }
        return current.principal();
    }

    @Override
    public @Nullable String token() {
        Standing current = standing;
        return current == null ? null : current.token();
    }
}
