package ai.materi.collab.service;

import ai.materi.collab.content.Typist;
import ai.materi.collab.room.Room;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One agent in one live document. {@link #begin}, {@link #type} and {@link #finish} are called on the room's loop. */
final class AgentAtWork {
    private static final String COLOR = "#7c3aed";

    private final String id = UUID.randomUUID().toString();
    private final long presenceId = ThreadLocalRandom.current().nextLong(1, 1L << 32);
    private final Room room;
    private final UUID caller;
    private final AgentName name;
    private @Nullable Typist typist;
    private boolean holds;
    private volatile long usedAt = System.nanoTime();

    AgentAtWork(Room room, UUID caller, AgentName name) {
        this.room = room;
        this.caller = caller;
        this.name = name;
    }

    String id() {
        return id;
    }

    Room room() {
        return room;
    }

    UUID caller() {
        return caller;
    }

    long usedAt() {
        return usedAt;
    }

    void use() {
        usedAt = System.nanoTime();
    }

    Future<Long> begin(Typist.Place place) {
        room.hold();
        holds = true;
        return Future.<Void>succeededFuture()
                .compose(now -> {
                    Future<Long> begun = room.writeHere(name.id(), caller, doc -> typist = new Typist(doc, place));
                    show();
                    return begun;
                })
                .onFailure(failure -> leave());
    }

    Future<Long> type(String text) {
        return typing(typing -> typing.type(text));
    }

    Future<Long> finish() {
        return typing(Typist::finish);
    }

    /** May be called on any thread. */
    void leave() {
        room.loop().run(() -> {
            if (holds) {
                holds = false;
                typist = null;
                room.hostPresence(presenceId, null);
                room.release();
            }
        });
    }

    private Future<Long> typing(Consumer<Typist> work) {
        Typist typing = typist;
        if (typing == null) {
            return Future.failedFuture(Agents.ended());
        }
        Future<Long> written = room.writeHere(name.id(), caller, doc -> work.accept(typing));
        show();
        return written;
    }

    private void show() {
        Typist typing = typist;
        if (typing != null) {
            JsonObject cursor = new JsonObject(typing.cursor().toJson());
            room.hostPresence(
                    presenceId,
                    new JsonObject()
                            .put(
                                    "user",
                                    new JsonObject()
                                            .put("id", name.id().toString())
                                            .put("name", name.name())
                                            .put("color", COLOR)
                                            .put("agent", true))
                            .put(
                                    "cursor",
                                    new JsonObject().put("anchor", cursor).put("head", cursor)));
        }
    }
}
