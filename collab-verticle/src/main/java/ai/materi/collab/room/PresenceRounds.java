package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Sends what changes of a room's presence, at a rate that falls with the number of receivers. */
final class PresenceRounds {
    private static final long RENEWAL_MS = 12_000;

    /** Several nodes that come back at once ask for the same. */
    private static final long ANEW_NANOS = 1_000_000_000;

    private final UUID documentId;
    private final Presence presence;
    private final Audience audience;
    private final RoomParts parts;
    private final Pace pace;
    private boolean scheduled;
    private long renewedAt = System.currentTimeMillis();
    private long anewAt = System.nanoTime() - 2 * ANEW_NANOS;

    PresenceRounds(UUID documentId, Presence presence, Audience audience, RoomParts parts) {
        this.documentId = documentId;
        this.presence = presence;
        this.audience = audience;
        this.parts = parts;
        this.pace = new Pace(
                parts.settings().presenceTick(),
                parts.settings().presenceMessages(),
                parts.settings().presenceRate());
    }

    void changed() {
        if (presence.hasChanges() && !scheduled) {
            scheduled = true;
            parts.vertx().setTimer(pace.delayMs(audience.size(), System.nanoTime()), timer -> send());
        }
    }

    /** Called every few seconds. */
    void tick(long now) {
        presence.expire(now - parts.settings().presenceExpiry().toMillis());
        if (now - renewedAt > RENEWAL_MS) {
            renewedAt = now;
            presence.renew(now);
        }
        changed();
    }

    /** Has each socket's clients say anew where they are, once a second at most. */
    void sayAnew(BiConsumer<Seat, Buffer> tell) {
        long now = System.nanoTime();
        if (now - anewAt > ANEW_NANOS) {
            anewAt = now;
            presence.takeLeave((seat, update) -> tell.accept(seat, Messages.awareness(update)));
        }
    }

    private void send() {
        scheduled = false;
        Presence.Changes changes = presence.drain(pace.portion(audience.size()));
        pace.sent(changes.update().length, System.nanoTime());
        audience.sendPresence(Messages.awareness(changes.update()));
        parts.bus().presence(documentId, changes.here());
        changed();
    }
}
