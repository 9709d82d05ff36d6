package ai.materi.collab.service;

import ai.materi.collab.access.Gate;
import ai.materi.collab.content.Format;
import ai.materi.collab.content.Typist;
import ai.materi.collab.document.Admission;
import ai.materi.collab.history.Author;
import ai.materi.collab.history.Authors;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.WriteReply;
import ai.materi.proto.collab.v1.Writing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents that type into live documents, each with a presence of its own. A writing belongs to the user who began it and to
 * this node, and ends by itself when nothing was typed for a while: what was typed stays.
 */
final class Agents {
    private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
    private static final long SWEEP_MS = 2_000;

    private final Vertx vertx;
    private final Gate gate;
    private final Rooms rooms;
    private final Authors authors;
    private final ServiceSettings settings;
    private final Map<String, AgentAtWork> atWork = new ConcurrentHashMap<>();
    private long timer;

    Agents(Vertx vertx, Gate gate, Rooms rooms, Authors authors, ServiceSettings settings) {
        this.vertx = vertx;
        this.gate = gate;
        this.rooms = rooms;
        this.authors = authors;
        this.settings = settings;
    }

    void start() {
        timer = vertx.setPeriodic(SWEEP_MS, tick -> sweep());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    Future<Writing> begin(Admission admission, Principal caller, BeginWritingRequest request) {
        AgentName name = AgentName.of(request.getAgentName(), caller.userId());
        Typist.Place place = place(request);
        if (atWork.size() >= settings.writings()) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many agents write on this node."));
        }
        return rooms.with(admission, room -> {
            AgentAtWork agent = new AgentAtWork(room, caller.userId(), name);
            authors.seen(room.documentId(), Author.of(caller));
            authors.seen(room.documentId(), new Author(name.id(), name.name(), true));
            return agent.begin(place).map(begun -> {
                atWork.put(agent.id(), agent);
                return Writing.newBuilder()
                        .setWritingId(agent.id())
                        .setAgentId(name.id().toString())
                        .build();
            });
        });
    }

    /** Fails with {@code not_found} when the writing has ended or is somebody else's. */
    Future<WriteReply> write(Principal caller, String writingId, String text) {
        AgentAtWork agent = find(caller, writingId);
        return admitted(agent)
                .compose(admission -> rooms.on(agent.room(), () -> agent.type(text)))
                .map(seq -> reply(agent.room(), seq, !text.isEmpty()));
    }

    Future<WriteReply> end(Principal caller, String writingId) {
        AgentAtWork agent = find(caller, writingId);
        return admitted(agent).compose(admission -> end(agent)).map(seq -> reply(agent.room(), seq, true));
    }

    private Future<Admission> admitted(AgentAtWork agent) {
        return gate.admitCaller(agent.room().name(), true).onFailure(refused -> {
            if (refused instanceof Problem problem && problem.code() != ProblemCode.UNAVAILABLE) {
                drop(agent);
            }
        });
    }

    private AgentAtWork find(Principal caller, String writingId) {
        AgentAtWork agent = atWork.get(writingId);
        if (agent == null || !agent.caller().equals(caller.userId())) {
            throw ended();
        }
        agent.use();
        return agent;
    }

    static Problem ended() {
        return Problem.of(ProblemCode.NOT_FOUND, "This writing has ended.");
    }

    private Future<Long> end(AgentAtWork agent) {
        atWork.remove(agent.id());
        return rooms.on(agent.room(), agent::finish).onComplete(done -> agent.leave());
    }

    /** What was typed stays as it is. */
    private void drop(AgentAtWork agent) {
        if (atWork.remove(agent.id()) != null) {
            agent.leave();
        }
    }

    private void sweep() {
        long before = System.nanoTime() - settings.writingLease().toNanos();
        for (AgentAtWork agent : List.copyOf(atWork.values())) {
            if (agent.usedAt() - before < 0) {
                end(agent).onFailure(failure -> LOG.debug("an abandoned writing was not finished", failure));
            }
        }
    }

    private static Typist.Place place(BeginWritingRequest request) {
        return switch (request.getPlaceCase()) {
            case AFTER_BLOCK -> new Typist.Place.AfterBlock(request.getAfterBlock());
            case REPLACE_QUOTE -> new Typist.Place.InsteadOf(request.getReplaceQuote());
            case END, PLACE_NOT_SET -> new Typist.Place.End();
        };
    }

    private static WriteReply reply(Room room, long seq, boolean changed) {
        return WriteReply.newBuilder()
                .setEtag(new Etag(room.generation(), seq, Format.MARKDOWN).toString())
                .setSequence(seq)
                .setChanged(changed)
                .build();
    }
}
