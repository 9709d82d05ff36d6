package ai.materi.collab.cluster;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Another node of the cluster, as the bus knows it. Touched on the bus's loop only, but for {@link #unacknowledged()}. */
final class NodePeer {
    private static final int DOCUMENTS_A_HEARTBEAT = 4_000;
    private static final int HEARTBEATS_TO_ANSWER = 2;

    private final String address;
    private final Outflow outflow;
    private final Inflow inflow = new Inflow();
    private final Set<UUID> toAsk = new LinkedHashSet<>();
    private final Set<UUID> unanswered = new LinkedHashSet<>();
    private boolean asked;
    private boolean anew;
    private int heartbeatsUnanswered;
    private volatile boolean met;

    NodePeer(String address, int bound) {
        this.address = address;
        this.outflow = new Outflow(bound);
    }

    String address() {
        return address;
    }

    Outflow outflow() {
        return outflow;
    }

    Inflow inflow() {
        return inflow;
    }

    long unacknowledged() {
        return outflow.bytes();
    }

    /** Whether it ever said something: a node without Relay never does, and is sent nothing but heartbeats. */
    boolean met() {
        return met;
    }

    void meet() {
        met = true;
    }

    /** It is to be asked about these documents, after those that it is still to be asked about. */
    void toAsk(Collection<UUID> documents) {
        toAsk.addAll(documents);
    }

    /** Its clients were taken to have left, so they are to say anew where they are, in each document that it is asked about next. */
    void returns() {
        anew = true;
    }

    /** The question for what is asked about now. */
    int question() {
        int question = anew ? BusMessages.WHO_IS_THERE_ANEW : BusMessages.WHO_IS_THERE;
        anew &= !toAsk.isEmpty();
        return question;
    }

    /** What to ask about now: a bounded part a heartbeat. */
    List<UUID> nextToAsk() {
        if (asked) {
            return List.of();
        }
        asked = !toAsk.isEmpty();
        List<UUID> next = toAsk.stream().limit(DOCUMENTS_A_HEARTBEAT).toList();
        next.forEach(toAsk::remove);
        unanswered.addAll(next);
        return next;
    }

    /** It has said who is in a document there. */
    void answered(UUID documentId) {
        unanswered.remove(documentId);
        heartbeatsUnanswered = 0;
    }

    /**
     * A heartbeat has passed. What was asked may be lost, since a node that is back among the members is not at once one whose
     * address is known: it is asked again, and to say anew who is there. One that is
     * not heard is left alone until it is.
     */
    void mayAsk() {
        asked = false;
        if (unanswered.isEmpty()) {
            heartbeatsUnanswered = 0;
        } else if (inflow.isHeard() && ++heartbeatsUnanswered == HEARTBEATS_TO_ANSWER) {
            heartbeatsUnanswered = 0;
            toAsk.addAll(unanswered);
            unanswered.clear();
            anew = true;
        }
    }
}
