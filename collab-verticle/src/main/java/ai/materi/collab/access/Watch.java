package ai.materi.collab.access;

import ai.materi.collab.document.Admission;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.room.Seat;
import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.call.Principal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks those who have a document open again when what they may do could have changed, and cuts them off or changes
 * their scope. While Shield cannot be asked they stay as they are, for a bounded number of tries.
 */
public final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int TRIES = 30;
    private static final long RETRY_MS = 1_000;

    private final Vertx vertx;
    private final Gate gate;
    private final Rooms rooms;

    public Watch(Vertx vertx, Gate gate, Rooms rooms) {
        this.vertx = vertx;
        this.gate = gate;
        this.rooms = rooms;
    }

    public void listen(AccessFeed feed) {
        feed.onSessionRevoked(this::sessionEnded);
        feed.onChange(this::changed);
    }

    private void sessionEnded(UUID sessionId) {
        rooms.forEach(room -> room.seats().stream()
                .filter(seat -> seat.principal().sessionId().equals(sessionId))
                .forEach(seat -> room.expel(seat, Ending.SESSION_ENDED)));
    }

    private void changed(AccessFeed.Change change) {
        if (change.documentId() != null) {
            rooms.under(change.documentId(), room -> check(room, change));
        } else {
            rooms.forEach(room -> check(room, change));
        }
    }

    private void check(Room room, AccessFeed.Change change) {
        UUID workspace = change.workspaceId();
        UUID user = change.userId();
        if (workspace == null || workspace.equals(room.workspaceId())) {
            check(room, principal -> user == null || user.equals(principal.userId()));
        }
    }

    private void check(Room room, Predicate<Principal> who) {
        Map<UUID, Seat> users = new LinkedHashMap<>();
        for (Seat seat : room.seats()) {
            if (who.test(seat.principal())) {
                users.put(seat.principal().userId(), seat);
            }
        }
        users.values().forEach(seat -> check(room, seat.principal(), seat.token(), TRIES));
    }

    private void check(Room room, Principal principal, @Nullable String token, int tries) {
        gate.admit(principal, token, room.name())
                .compose(this::stored)
                .onComplete(answer -> room.loop().run(() -> {
                    if (answer.succeeded()) {
                        room.scope(principal.userId(), answer.result().writes());
                        return;
                    }
                    Ending ending = Endings.of(answer.cause());
                    if (ending.lasting() || tries <= 1) {
                        expel(room, principal, ending);
                    } else {
                        LOG.warn(
                                "access to document {} is checked again: {}",
                                room.name(),
                                answer.cause().getMessage());
                        vertx.setTimer(RETRY_MS, timer -> check(room, principal, token, tries - 1));
                    }
                }));
    }

    /** Somebody who may write now has what they write stored. */
    private Future<Admission> stored(Admission admission) {
        return rooms.stored(admission).map(admission);
    }

    private static void expel(Room room, Principal principal, Ending ending) {
        room.seats().stream()
                .filter(seat -> seat.principal().userId().equals(principal.userId()))
                .forEach(seat -> room.expel(seat, ending));
    }
}
