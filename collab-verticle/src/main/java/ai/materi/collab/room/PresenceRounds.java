package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import java.util.UUID;

/** Sends what changes of a room's presence, at a rate that falls with the number of receivers. */
final class PresenceRounds {
    private static final long RENEWAL_MS = 12_000;

    private final UUID documentId;
    private final Presence presence;
    private final Audience audience;
    private final RoomParts parts;
    private final Pace pace;
    private boolean scheduled;
    private long renewedAt = System.currentTimeMillis();

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

    private void send() {
        scheduled = false;
        Presence.Changes changes = presence.drain(pace.portion(audience.size()));
        pace.sent(changes.update().length, System.nanoTime());
        audience.sendPresence(Messages.awareness(changes.update()));
        parts.bus().presence(documentId, changes.here());
        changed();
    }
}
