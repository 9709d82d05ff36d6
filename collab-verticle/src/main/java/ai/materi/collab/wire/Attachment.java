package ai.materi.collab.wire;

import ai.materi.collab.access.Endings;
import ai.materi.collab.access.Standing;
import ai.materi.collab.document.Admission;
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
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Wire;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document on a Hocuspocus socket. It waits for a token, is let in or refused, and lives until either side closes it;
 * a refusal is told as PermissionDenied and a later end as a CLOSE message, neither of which touches the socket's other
 * documents. A provider that was refused may send another token.
 */
final class Attachment implements Peer {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);
    private static final int MAX_TOKEN = 16_384;

    private final String name;
    private final @Nullable DocumentName document;
    private final boolean named;
    private final Line line;
    private final WireParts parts;
    private final HocuspocusSocket socket;
    private final Buffer saved;
    private final Buffer unsaved;
    private final Lag lag;
    private Stage stage;
    private volatile @Nullable Standing standing;

    private sealed interface Stage {}

    /** No token yet; what comes before it is kept. */
    private record Waiting(Backlog.Part early) implements Stage {}

    /** Who it is, and whether they may, is being found out. */
    private record Admitting(Backlog.Part early) implements Stage {}

    /** In the room. */
    private record Live(Membership membership, boolean checking) implements Stage {}

    /** Shown the door; everything but another token is dropped. */
    private record Refused() implements Stage {}

    private record Gone() implements Stage {}

    Attachment(String name, Line line, WireParts parts, HocuspocusSocket socket, Backlog.Part early) {
        this.name = name;
        this.document = DocumentName.parse(withoutSession(name));
        this.named = document != null && name.equals(document.toString());
        this.line = line;
        this.parts = parts;
        this.socket = socket;
        this.saved = Messages.named(name, Messages.syncStatus(true));
        this.unsaved = Messages.named(name, Messages.syncStatus(false));
        this.lag = new Lag(line, parts.meters(), this::catchUp);
        this.stage = new Waiting(early);
    }

    /** A provider that shares its socket with another of the same document puts its session behind a NUL. */
    private static String withoutSession(String name) {
        int session = name.indexOf('\0');
        return session < 0 ? name : name.substring(0, session);
    }

    String name() {
        return name;
    }

    boolean isLive() {
        return stage instanceof Live;
    }

    boolean isRefused() {
        return stage instanceof Refused;
    }

    /** @param whole the message with its name, for keeping */
    void message(int type, FrameReader reader, Buffer whole) {
        if (stage instanceof Live live) {
            live(live.membership(), type, reader);
        } else if (stage instanceof Waiting waiting) {
            early(waiting.early(), type, reader, whole);
        } else if (stage instanceof Admitting admitting) {
            keep(admitting.early(), whole);
        } else if (stage instanceof Refused && type == Messages.AUTH) {
            authenticate(socket.early(), reader);
        }
    }

    // --- before it is open ---

    private void early(Backlog.Part early, int type, FrameReader reader, Buffer whole) {
        if (type == Messages.AUTH) {
            authenticate(early, reader);
        } else if (type == Messages.CLOSE) {
            early.clear();
            socket.detach(this);
        } else {
            keep(early, whole);
        }
    }

    private void keep(Backlog.Part early, Buffer whole) {
        if (!early.add(whole)) {
            line.end(Ending.TRY_LATER);
        }
    }

    private void authenticate(Backlog.Part early, FrameReader reader) {
        Credentials credentials = new Credentials(token(reader));
        stage = new Admitting(early);
        credentials
                .verify(parts.identity(), document)
                .compose(principal -> admitted(principal, credentials))
                .onComplete(joined -> line.loop().run(() -> {
                    if (joined.failed()) {
                        refused(early, Endings.of(joined.cause()));
                    } else {
                        opened(early, joined.result());
                    }
                }));
    }

    private static String token(FrameReader reader) {
        if (reader.type() != Messages.AUTH_TOKEN) {
            throw new MalformedFrameException("an authentication message that is no token");
        }
        return reader.string(MAX_TOKEN);
    }

    private Future<Membership> admitted(Principal principal, Credentials credentials) {
        DocumentName asked = document;
        if (asked == null) {
            return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such document."));
        }
        standing = Standing.of(principal, credentials.accessToken());
        return parts.gate()
                .admit(principal, credentials.accessToken(), asked)
                .compose(admission ->
                        parts.rooms().with(admission, room -> Future.succeededFuture(join(room, admission))));
    }

    /** On the room's loop; the answer leaves before anything that happens in the room. */
    private Membership join(Room room, Admission admission) {
        line.loop().run(() -> send(Messages.authenticated(admission.writes())));
        Membership membership = line.join(room, this, admission.writes());
        room.introduce(membership.seat());
        return membership;
    }

    private void opened(Backlog.Part early, Membership membership) {
        if (!(stage instanceof Admitting)) {
            membership.leave();
            return;
        }
        socket.known();
        stage = new Live(membership, false);
        for (Buffer message = early.next(); message != null && line.isOpen(); message = early.next()) {
            FrameReader reader = new FrameReader(message);
            reader.skipBytes();
            replay(reader, message);
        }
    }

    private void replay(FrameReader reader, Buffer message) {
        try {
            message(reader.type(), reader, message);
        } catch (MalformedFrameException malformed) {
            line.end(Ending.MALFORMED);
        }
    }

    private void refused(Backlog.Part early, Ending ending) {
        early.clear();
        if (!(stage instanceof Admitting)) {
            return;
        }
        if (ending.lasting()) {
            stage = new Refused();
            send(Messages.permissionDenied(ending.reason()));
        } else {
            line.end(ending);
        }
    }

    // --- open ---

    private void live(Membership membership, int type, FrameReader reader) {
        switch (type) {
            case Messages.SYNC, Messages.SYNC_REPLY -> sync(membership, type, reader);
            case Messages.AWARENESS -> {
                byte[] update = reader.bytes();
                membership.ask(update.length, (room, seat) -> room.presence(seat, update));
            }
            case Messages.QUERY_AWARENESS -> membership.ask(0, (room, seat) -> room.introduce(seat));
            case Messages.AUTH -> refresh(membership, token(reader));
            case Messages.STATELESS -> membership.say(words(reader));
            case Messages.CLOSE -> {
                stage = new Gone();
                lag.forget();
                membership.leave();
                socket.detach(this);
            }
            default -> membership.expel(Ending.MALFORMED);
        }
    }

    /** What is no UTF-8 would end in an exception of every provider that received it. */
    private static byte[] words(FrameReader reader) {
        return new String(reader.bytes(), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    private void sync(Membership membership, int type, FrameReader reader) {
        int step = reader.type();
        byte[] payload = reader.bytes();
        switch (step) {
            case Messages.SYNC_STEP_1 ->
                membership.ask(payload.length, (room, seat) -> {
                    room.answer(seat, payload);
                    if (type == Messages.SYNC) {
                        room.ask(seat);
                    }
                });
            case Messages.SYNC_STEP_2, Messages.SYNC_UPDATE -> {
                membership.edit(payload, step == Messages.SYNC_STEP_2, this::acknowledge);
            }
            default -> membership.expel(Ending.MALFORMED);
        }
    }

    private void acknowledge(boolean done) {
        line.loop().run(() -> {
            if (stage instanceof Live) {
                line.send(done ? saved : unsaved);
            }
        });
    }

    private boolean catchUp(Missed missed) {
        if (stage instanceof Live live) {
            live.membership().catchUp(lag, missed);
        }
        return stage instanceof Live;
    }

    /** A newer token for the same session, or at least the same user. */
    private void refresh(Membership membership, String token) {
        Credentials credentials = new Credentials(token);
        credentials
                .verify(parts.identity(), document)
                .onSuccess(principal -> line.loop().run(() -> refreshed(membership, principal, credentials)))
                .onFailure(failure -> LOG.debug("a token was not refreshed: {}", failure.getMessage()));
    }

    private void refreshed(Membership membership, Principal principal, Credentials credentials) {
        if (principal.userId().equals(principal().userId())) {
            standing = Standing.of(principal, credentials.accessToken());
        } else {
            membership.expel(Ending.NO_ACCESS);
        }
    }

    void keepAlive() {
        send(Messages.noAwareness());
    }

    void tick(long now) {
        Standing current = standing;
        if (!(stage instanceof Live live) || live.checking() || current == null) {
            return;
        }
        if (current.isDue(now)) {
            stage = new Live(live.membership(), true);
            check(live.membership(), current);
        } else if (current.endsSoon(now) && !current.asked()) {
            standing = current.asking();
            send(Messages.tokenRequest());
        }
    }

    private void check(Membership membership, Standing current) {
        parts.gate()
                .admit(current.principal(), current.token(), membership.room().name())
                .onComplete(answer -> line.loop().run(() -> {
                    if (answer.failed()) {
                        membership.expel(Endings.again(answer.cause()));
                    } else if (stage instanceof Live) {
                        standing = current.checked(System.currentTimeMillis());
                        stage = new Live(membership, false);
                    }
                }));
    }

    /** The socket is gone. */
    void gone() {
        Stage before = stage;
        stage = new Gone();
        if (before instanceof Live live) {
            live.membership().leave();
        }
    }

    private void send(Buffer message) {
        line.send(Messages.named(name, message));
    }

    // --- as the room sees it ---

    @Override
    public Loop loop() {
        return line.loop();
    }

    @Override
    public Wire wire() {
        return Wire.HOCUSPOCUS;
    }

    @Override
    public void deliver(SharedFrame frame) {
        if (stage instanceof Refused || stage instanceof Gone) {
            return;
        }
        if (named) {
            lag.deliver(frame, frame.named());
        } else {
            lag.deliver(frame, name);
        }
    }

    @Override
    public void deliver(SharedState state) {
        if (!(stage instanceof Refused || stage instanceof Gone)) {
            lag.deliver(state, name);
        }
    }

    @Override
    public void say(SharedFrame frame) {
        deliver(frame);
    }

    @Override
    public void scope(boolean writes) {
        send(Messages.authenticated(writes));
    }

    @Override
    public void end(Ending ending) {
        if (ending.lasting()) {
            parts.meters().ended(ending);
            stage = new Refused();
            lag.forget();
            send(Messages.close(ending.reason()));
        } else {
            line.end(ending);
        }
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
