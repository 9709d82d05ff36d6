package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Plays a history here and has an oracle play it too. After every operation the announced updates are compared, in both
 * formats, with the events of observers and of undo managers; after every synchronisation the whole document is, by
 * {@link Comparison}. At the end all peers hear from all others and must hold the same.
 */
final class Replay {
    private static final int MOST_ROUNDS = 20;

    private final Expectations oracle;
    private final Setting setting;
    private final Comparison comparison;
    private final List<Peer> peers = new ArrayList<>();
    /** How many transactions came before each operation. */
    private final List<Integer> transactionsBefore = new ArrayList<>();

    private long now = 1_000_000;
    private int transactions;
    private int announced;

    private Replay(Setting setting, Expectations oracle) {
        this.setting = setting;
        this.oracle = oracle;
        this.comparison = new Comparison(setting, oracle);
    }

    /**
     * Plays it to its end.
     *
     * @param brief long values are compared by their digests
     * @throws Divergence where the engines disagree or one of them throws
     */
    static Tally of(History history, Oracle oracle, boolean brief) {
        Expectations expectations = new Expectations(oracle, brief);
        Replay replay = new Replay(Setting.of(history.seed()), expectations);
        try {
            replay.run(history, brief);
            return replay.tally(0, replay.transactions);
        } catch (YjsBroke e) {
            return replay.tally(1, replay.transactionsBefore.get(e.operation()));
        }
    }

    private Tally tally(int broken, int played) {
        return new Tally(1, broken, played, oracle.comparisons(), oracle.passedOver());
    }

    private void run(History history, boolean brief) {
        try {
            playAll(history, brief);
        } catch (YjsBroke e) {
            throw e;
        } catch (RuntimeException e) {
            oracle.check();
            throw new Divergence(oracle.operation(), "failure here", e.toString(), e);
        }
    }

    private void playAll(History history, boolean brief) {
        oracle.expect("reset", Map.of(), "reset", Map.of("brief", brief, "followed", setting.isFollowed()));
        SplittableRandom random = new SplittableRandom(history.seed());
        for (int number = 0; number < setting.peers(); number++) {
            long client = setting.client(random);
            oracle.expect("create", Map.of(), "create", number, client);
            Peer peer = new Peer(number, new Doc(client));
            peers.add(peer);
            furnish(peer, random);
        }
        for (int i = 0; i < history.operations().size(); i++) {
            oracle.begin(i);
            transactionsBefore.add(transactions);
            play(history.operations().get(i));
        }
        oracle.begin(history.operations().size());
        transactionsBefore.add(transactions);
        converge(random);
        oracle.check();
    }

    private void play(Operation operation) {
        Peer peer = peers.get(operation.peer());
        SplittableRandom random = new SplittableRandom(operation.seed());
        if (setting.undoes()) {
            now += random.nextInt(3) == 0 ? 600 : 100;
            oracle.expect("tick", Map.of(), "tick", now);
        }
        switch (operation.kind()) {
            case EDIT -> edit(peer, random, operation.size());
            case DELIVER -> deliver(peer, random, operation.size());
            case SYNCHRONISE -> synchronise(peer, any(random), random);
            case MERGE -> mergeOnTheWay(peer, random);
            case POSITION -> comparison.positions(peer, peers, random);
            case OBSERVE -> observeAny(peer, random);
            case RECONNECT -> reconnect(peer, random);
            case RELOAD -> reload(peer, random);
            case UNDO -> undo(peer, random);
            case REDO -> redo(peer, random);
            case MANAGE -> manage(peer, random);
        }
    }

    private Peer any(SplittableRandom random) {
        return peers.get(random.nextInt(peers.size()));
    }

    private RandomEdits edits(SplittableRandom random) {
        return new RandomEdits(random, setting.repertoire());
    }

    // ---- what a peer has beside its document

    private void furnish(Peer peer, SplittableRandom random) {
        if (setting.undoes()) {
            // That a root is asked for is a transaction in yjs, which a manager of a whole document would capture.
            RandomEdits.ROOTS.forEach(root -> RandomEdits.root(peer.doc, root));
            List<List<Object>> touches = RandomEdits.ROOTS.stream()
                    .map(root -> List.<Object>of("touch", root))
                    .toList();
            oracle.expect("touch", Map.of(), "edit", peer.number, touches);
            if (random.nextInt(3) > 0) {
                giveManager(peer, random);
            }
        }
        if (setting.echoes() && random.nextBoolean()) {
            oracle.expect("echo", Map.of(), "echo", peer.number);
            echo(peer.doc);
        }
        if (random.nextBoolean()) {
            for (List<Object> root : RandomEdits.ROOTS) {
                observe(peer, new RandomEdits.Place(RandomEdits.root(peer.doc, root), root), random);
            }
        }
    }

    private void giveManager(Peer peer, SplittableRandom random) {
        List<List<Object>> some =
                RandomEdits.ROOTS.stream().filter(root -> random.nextInt(3) > 0).toList();
        List<List<Object>> scope = setting.wholeDocuments() ? List.of() : some.isEmpty() ? RandomEdits.ROOTS : some;
        List<@Nullable Object> origins =
                random.nextBoolean() ? Arrays.asList("mine", null) : Arrays.asList((Object) null);
        boolean ignoreRemoteMapChanges = random.nextInt(3) == 0;
        // Deletions at clocks that this divides are filtered out.
        int spared = random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 0;
        Map<String, Object> there = new LinkedHashMap<>();
        there.put("scope", scope);
        there.put("origins", origins);
        there.put("ignoreRemoteMapChanges", ignoreRemoteMapChanges);
        there.put("spared", spared);
        oracle.expect("manage", Map.of(), "manage", peer.number, there);
        List<YType> types =
                scope.stream().map(root -> RandomEdits.root(peer.doc, root)).toList();
        UndoManager manager = (scope.isEmpty() ? UndoManager.builder(peer.doc) : UndoManager.builder(types))
                .trackedOrigins(new HashSet<>(origins))
                .ignoreRemoteMapChanges(ignoreRemoteMapChanges)
                .deleteFilter(deletion -> spared == 0 || deletion.id().clock() % spared != 0)
                .clock(() -> now)
                .build();
        peer.events.observe(manager);
        peer.manager = manager;
    }

    /** Observers that edit. */
    private static void echo(Doc doc) {
        YArray list = doc.array("list");
        doc.text("plain").observe(event -> {
            if (list.length() > 3) {
                list.delete(0, 1);
            }
        });
        list.observe(event -> doc.map("map").set("echo", list.length()));
    }

    private void observe(Peer peer, RandomEdits.Place place, SplittableRandom random) {
        boolean own = random.nextBoolean();
        boolean deep = random.nextBoolean();
        oracle.expect("observe", Map.of(), "observe", peer.number, place.address(), own, deep);
        peer.events.observe(place.type(), place.address(), own, deep);
    }

    private void observeAny(Peer peer, SplittableRandom random) {
        List<Object> touches = new ArrayList<>();
        RandomEdits.Place place = edits(random).place(peer.doc, touches);
        if (!setting.undoes()) {
            oracle.expect("touch", Map.of(), "edit", peer.number, touches);
        }
        observe(peer, place, random);
    }

    // ---- edits

    private void edit(Peer peer, SplittableRandom random, int size) {
        @Nullable
        String origin = !setting.undoes() || random.nextInt(4) > 0 ? null : random.nextBoolean() ? "mine" : "other";
        RandomEdits edits = edits(random);
        List<Object> steps = new ArrayList<>();
        peer.doc.transact(origin, tx -> {
            for (int n = size; n > 0; n--) {
                edits.edit(peer.doc, steps);
            }
        });
        transactions++;
        expectAnnounced(peer, random, "edit", peer.number, steps, origin);
    }

    private void undo(Peer peer, SplittableRandom random) {
        if (peer.manager != null) {
            peer.manager.undo();
            transactions++;
            expectAnnounced(peer, random, "undo", peer.number, "undo");
        }
    }

    private void redo(Peer peer, SplittableRandom random) {
        if (peer.manager != null) {
            peer.manager.redo();
            transactions++;
            expectAnnounced(peer, random, "undo", peer.number, "redo");
        }
    }

    private void manage(Peer peer, SplittableRandom random) {
        UndoManager manager = peer.manager;
        if (manager == null) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> {
                boolean undo = random.nextBoolean();
                boolean redo = random.nextBoolean();
                manager.clear(undo, redo);
                expectAnnounced(peer, random, "undo", peer.number, "clear", undo, redo);
            }
            case 1 -> {
                RandomEdits.Place place = edits(random).place(peer.doc, new ArrayList<>());
                manager.addToScope(place.type());
                expectAnnounced(peer, random, "undo", peer.number, "addToScope", place.address());
            }
            default -> {
                manager.stopCapturing();
                expectAnnounced(peer, random, "undo", peer.number, "stopCapturing");
            }
        }
    }

    // ---- what travels

    /** Mostly the oldest update, sometimes any, sometimes once more. */
    private void deliver(Peer peer, SplittableRandom random, int size) {
        for (int n = size; n > 0 && !peer.inbox.isEmpty(); n--) {
            int which = random.nextInt(3) > 0 ? 0 : random.nextInt(peer.inbox.size());
            Peer.Sent update = random.nextInt(8) == 0 ? peer.inbox.get(which) : peer.inbox.remove(which);
            apply(peer, update, random);
        }
    }

    private void apply(Peer peer, Peer.Sent update, SplittableRandom random) {
        @Nullable String origin = setting.undoes() && random.nextInt(5) > 0 ? "remote" : null;
        transactions++;
        if (random.nextInt(3) == 0) {
            peer.doc.applyUpdateV2(update.v2, origin);
            expectAnnounced(peer, random, "applyV2", peer.number, YjsOracle.base64(update.v2), origin);
        } else {
            peer.doc.applyUpdate(update.v1, origin);
            expectAnnounced(peer, random, "apply", peer.number, YjsOracle.base64(update.v1), origin);
        }
    }

    /** Expects the updates and events that came of what was just done, and passes the updates on. */
    private void expectAnnounced(Peer peer, SplittableRandom random, @Nullable Object... request) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("updates", oracle.shown(peer.emitted));
        told.put("updatesV2", oracle.shown(peer.emittedV2));
        told.put("events", oracle.shown(peer.events.take()));
        oracle.expect("what came of " + request[0], told, request);
        UndoManager manager = peer.manager;
        if (manager != null) {
            Map<String, Object> stacks = Map.of(
                    "undos", manager.undoStack().size(),
                    "redos", manager.redoStack().size());
            oracle.expect("the stacks", stacks, "stacks", peer.number);
        }
        announced += peer.emitted.size();
        passOn(peer, random);
        peer.forgetEmitted();
    }

    /** What somebody does goes to all who are connected; what was received sometimes to one more. */
    private void passOn(Peer peer, SplittableRandom random) {
        for (int i = 0; i < peer.emitted.size() && peer.isOnline; i++) {
            Peer.Sent update = new Peer.Sent(peer.emitted.get(i), peer.emittedV2.get(i));
            boolean toAll = peer.own.contains(i);
            Peer one = any(random);
            for (Peer other : peers) {
                boolean gets = toAll || (other == one && random.nextInt(8) == 0);
                if (gets && other.isOnline && other != peer) {
                    other.inbox.add(update);
                }
            }
        }
    }

    /** Mostly what the other lacks; sometimes as if it had more or less than it has. */
    private void synchronise(Peer from, Peer to, SplittableRandom random) {
        StateVector vector = to.doc.stateVector();
        if (random.nextInt(4) == 0) {
            Map<Long, Long> claimed = new HashMap<>();
            for (long client : from.doc.stateVector().clients()) {
                claimed.put(client, random.nextLong(from.doc.stateVector().get(client) + 1));
            }
            vector = StateVector.of(claimed);
        }
        Peer.Sent sent = give(from, to, vector, random);
        comparison.document(to);
        String v1 = YjsOracle.base64(sent.v1);
        oracle.expect("v2 as v1", update(Updates.toV1(sent.v2)), "toV1", YjsOracle.base64(sent.v2));
        oracle.expect("v1 as v2", update(Updates.toV2(sent.v1)), "toV2", v1);
        byte[] has = Updates.stateVectorOf(sent.v1).encode();
        oracle.expect("state vector of an update", Map.of("vector", oracle.shown(has)), "vector", v1);
    }

    private Peer.Sent give(Peer from, Peer to, StateVector vector, SplittableRandom random) {
        Peer.Sent sent = new Peer.Sent(from.doc.encodeStateSince(vector), from.doc.encodeStateSinceV2(vector));
        Map<String, Object> both = Map.of("update", oracle.shown(sent.v1), "updateV2", oracle.shown(sent.v2));
        oracle.expect("difference", both, "since", from.number, YjsOracle.base64(vector.encode()));
        apply(to, sent, random);
        return sent;
    }

    private Map<String, Object> update(byte[] update) {
        return Map.of("update", oracle.shown(update));
    }

    /** Merges some updates on their way without a document, and may send only what is new. */
    private void mergeOnTheWay(Peer peer, SplittableRandom random) {
        int count = Math.min(peer.inbox.size(), 2 + random.nextInt(6));
        if (count < 2) {
            return;
        }
        List<byte[]> first = new ArrayList<>();
        List<byte[]> second = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Peer.Sent sent = peer.inbox.remove(random.nextInt(peer.inbox.size()));
            first.add(sent.v1);
            second.add(sent.v2);
        }
        Peer.Sent merged = new Peer.Sent(Updates.merge(first), Updates.mergeV2(second));
        oracle.expect("merged update", update(merged.v1), "merge", base64(first));
        oracle.expect("merged update in format v2", update(merged.v2), "mergeV2", base64(second));
        StateVector known = peer.doc.stateVector();
        String vector = YjsOracle.base64(known.encode());
        Peer.Sent diff = new Peer.Sent(Updates.diff(merged.v1, known), Updates.diffV2(merged.v2, known));
        oracle.expect("partial update", update(diff.v1), "diff", YjsOracle.base64(merged.v1), vector);
        oracle.expect("partial update in v2", update(diff.v2), "diffV2", YjsOracle.base64(merged.v2), vector);
        peer.inbox.add(random.nextBoolean() ? merged : diff);
    }

    private static List<String> base64(List<byte[]> updates) {
        return updates.stream().map(YjsOracle::base64).toList();
    }

    private void reconnect(Peer peer, SplittableRandom random) {
        peer.isOnline = !peer.isOnline;
        if (!peer.isOnline) {
            peer.inbox.clear();
            return;
        }
        Peer other = any(random);
        synchronise(other, peer, random);
        synchronise(peer, other, random);
    }

    /** Its observers, its undo manager and, mostly, its client id are others then. */
    private void reload(Peer before, SplittableRandom random) {
        byte[] state = before.doc.encodeState();
        boolean asItself = random.nextInt(3) == 0;
        long client = asItself ? before.doc.clientId() : setting.client(random);
        Peer after = new Peer(before.number, Doc.of(state, client));
        after.inbox.addAll(before.inbox);
        after.isOnline = before.isOnline;
        peers.set(before.number, after);
        transactions++;
        oracle.expect("reload", Map.of(), "reload", before.number, client, YjsOracle.base64(state));
        comparison.document(after);
        furnish(after, random);
    }

    // ---- the end

    /** Everybody hears from everybody until nothing is new; then all must hold the same. */
    private void converge(SplittableRandom random) {
        peers.forEach(peer -> peer.isOnline = true);
        Peer hub = peers.get(0);
        int before;
        int rounds = 0;
        do {
            before = announced;
            for (Peer peer : peers.subList(1, peers.size())) {
                give(peer, hub, hub.doc.stateVector(), random);
            }
            for (Peer peer : peers.subList(1, peers.size())) {
                give(hub, peer, peer.doc.stateVector(), random);
            }
        } while (announced > before && ++rounds < MOST_ROUNDS);
        peers.forEach(comparison::document);
        oracle.check();
        peers.forEach(peer -> comparison.end(hub.doc, peer.doc));
        if (setting.isFollowed()) {
            comparison.encodedByYwasm(hub);
        }
    }
}
