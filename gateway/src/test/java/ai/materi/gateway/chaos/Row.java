package ai.materi.gateway.chaos;

import java.util.function.Supplier;

/**
 * One kind of fault.
 *
 * @param what it does, in a line
 * @param nodes that it needs
 * @param limitSeconds within which all has to be well again once the fault is over
 * @param brief whether it belongs to the short selection
 * @param smallDisk whether PostgreSQL has a disk that the row can fill
 * @param lacks what this machine does not have for it; empty when it can run
 */
record Row(
        String name,
        String what,
        int nodes,
        double limitSeconds,
        boolean brief,
        boolean smallDisk,
        Supplier<String> lacks,
        Script script) {
    /** Does the harm while everybody writes, says when it is over, and looks at what must hold meanwhile. */
    interface Script {
        void run(Trial trial) throws Exception;
    }

    static Row of(String name, String what, int nodes, double limitSeconds, Script script) {
        return new Row(name, what, nodes, limitSeconds, false, false, () -> "", script);
    }

    Row inShort() {
        return new Row(name, what, nodes, limitSeconds, true, smallDisk, lacks, script);
    }

    Row onSmallDisk() {
        return new Row(name, what, nodes, limitSeconds, brief, true, lacks, script);
    }

    /** @param lacking what is missing; empty when nothing is */
    Row needing(Supplier<String> lacking) {
        return new Row(name, what, nodes, limitSeconds, brief, smallDisk, lacking, script);
    }
}
