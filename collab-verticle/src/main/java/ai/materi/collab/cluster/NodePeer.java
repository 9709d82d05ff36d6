package ai.materi.collab.cluster;

/** Another node of the cluster, as the bus knows it. Touched on the bus's loop only, but for {@link #unacknowledged()}. */
final class NodePeer {
    private final String address;
    private final Outflow outflow;
    private final Inflow inflow = new Inflow();
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
}
