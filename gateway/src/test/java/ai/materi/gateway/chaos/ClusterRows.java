package ai.materi.gateway.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One of three nodes dies, stands still, hears nothing, or has the wrong time; it is the first, where most happens. */
final class ClusterRows {
    private static final double HEALED_SECONDS = 5;
    private static final double BACK_SECONDS = 2;
    private static final double ABSENT_SECONDS = 10;
    private static final int SKEW_SECONDS = 90;

    private ClusterRows() {}

    static List<Row> all() {
        return List.of(
                Row.of(
                        "node-killed",
                        "SIGKILL to one of three nodes; its editors go to another, the others notice nothing",
                        Stand.NODES,
                        HEALED_SECONDS,
                        ClusterRows::killed),
                Row.of(
                        "node-paused",
                        "SIGSTOP to one of three nodes for 4 or 10 s; the others notice nothing",
                        Stand.NODES,
                        HEALED_SECONDS,
                        ClusterRows::paused),
                Row.of(
                                "node-deaf",
                                "nothing that others send on the bus reaches one of three nodes for 6 s",
                                Stand.NODES,
                                HEALED_SECONDS,
                                ClusterRows::deaf)
                        .needing(Packets::lacks),
                Row.of(
                                "partition",
                                "one of three nodes is cut off from the others until they have given each other up",
                                Stand.NODES,
                                HEALED_SECONDS,
                                trial -> divided(trial, ClusterRows::isolate))
                        .needing(Packets::lacks),
                Row.of(
                                "hazelcast-mute",
                                "of Hazelcast, nothing that one of three nodes says arrives, until it is given up",
                                Stand.NODES,
                                HEALED_SECONDS,
                                trial -> divided(trial, ClusterRows::mute))
                        .needing(Packets::lacks),
                Row.of(
                                "clocks-skewed",
                                "of three nodes one is 90 s ahead and one 90 s behind",
                                Stand.NODES,
                                HEALED_SECONDS,
                                ClusterRows::skewed)
                        .needing(SkewedClock::lacks));
    }

    private static void killed(Trial trial) throws Exception {
        Editor deserter = trial.hocuspocus(trial.stayers(), 1, "");
        Editor watcher = trial.stayersAt(2).get(0);
        Patience.until("who is at node 1 is seen at node 2", () -> watcher.sees(deserter.clientId()));
        Unharmed others = trial.watch(elsewhere(trial));
        Map<Editor, Integer> closes = new HashMap<>();
        List<Editor> own = new ArrayList<>(trial.stayersAt(1));
        own.remove(deserter);
        own.forEach(editor -> closes.put(editor, editor.closes()));

        trial.node(1).kill();
        trial.goersGo();
        trial.desert(deserter);
        trial.within(
                "the editors of the dead node are back and in sync",
                BACK_SECONDS,
                () -> own.stream().allMatch(editor -> editor.closes() > closes.get(editor) && editor.inSync()));
        others.writeOn();
        trial.within(
                "who was at the dead node is no longer there",
                ABSENT_SECONDS,
                () -> !watcher.sees(deserter.clientId()));
        trial.over();
        others.stayed();
    }

    private static void paused(Trial trial) throws Exception {
        Unharmed others = trial.watch(elsewhere(trial));
        trial.node(1).pause();
        trial.afterwards(trial.node(1)::resume);
        trial.last(trial.dice().nextBoolean() ? 4 : 10);
        others.writeOn();
        trial.node(1).resume();
        trial.over();
        others.stayed();
    }

    private static void deaf(Trial trial) throws Exception {
        List<Editor> all = elsewhere(trial);
        all.addAll(trial.stayersAt(1));
        Unharmed everybody = trial.watch(all);
        trial.afterwards(Packets::passAgain);
        Packets.dropTo(trial.node(1).ports().bus());
        trial.last(6);
        everybody.writeOn();
        if (!Packets.dropped()) {
            trial.violated("nothing was sent to the node that was to miss it");
        }
        Packets.passAgain();
        trial.over();
        everybody.stayed();
    }

    /** Cuts the node of this number off. */
    private interface Cut {
        void from(Trial trial, int number) throws Exception;
    }

    private static void isolate(Trial trial, int number) throws Exception {
        List<Integer> others = new ArrayList<>();
        others(trial, number).forEach(node -> {
            others.add(node.ports().cluster());
            others.add(node.ports().bus());
        });
        Packets.isolate(trial.node(number), others);
    }

    private static void mute(Trial trial, int number) throws Exception {
        Packets.mute(
                trial.node(number),
                others(trial, number).stream()
                        .map(node -> node.ports().cluster())
                        .toList());
    }

    private static List<ChaosNode> others(Trial trial, int number) {
        return IntStream.rangeClosed(1, Stand.NODES)
                .filter(other -> other != number)
                .mapToObj(trial::node)
                .toList();
    }

    private static void divided(Trial trial, Cut cut) throws Exception {
        int number = 1 + trial.dice().nextInt(Stand.NODES);
        List<Editor> inside = trial.stayersAt(number);
        List<Editor> outside = new ArrayList<>(trial.stayers().editors());
        outside.removeAll(inside);
        Unharmed everybody = trial.watch(trial.stayers().editors());
        trial.afterwards(Packets::passAgain);
        cut.from(trial, number);
        Patience.until(
                "the two sides have given each other up",
                () -> trial.node(number).peers() == 0
                        && others(trial, number).stream().allMatch(node -> node.peers() == 1));
        Patience.until(
                "nobody sees anybody of the other side",
                () -> outside.stream()
                        .noneMatch(one -> inside.stream()
                                .anyMatch(other -> one.sees(other.clientId()) || other.sees(one.clientId()))));
        everybody.writeOn();
        if (!Packets.dropped()) {
            trial.violated("nothing was sent between the two sides");
        }
        Packets.passAgain();
        trial.over();
        everybody.stayed();
    }

    private static void skewed(Trial trial) throws Exception {
        Path clock = SkewedClock.compile(trial.stand().folder());
        for (int number : new int[] {2, 3}) {
            ChaosNode node = trial.node(number);
            node.stop();
            trial.afterwards(node::stop);
            node.start(SkewedClock.by(number == 2 ? SKEW_SECONDS : -SKEW_SECONDS, clock));
        }
        List<Editor> moved = elsewhere(trial);
        Patience.until("everybody is back", () -> moved.stream().allMatch(Editor::inSync));
        Unharmed everybody = trial.watch(moved);
        trial.last(3);
        everybody.writeOn();
        trial.over();
        everybody.stayed();
    }

    private static List<Editor> elsewhere(Trial trial) {
        List<Editor> others = new ArrayList<>(trial.stayersAt(2));
        others.addAll(trial.stayersAt(3));
        return others;
    }
}
