package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the same random histories, in which peers undo and redo, here and in yjs, and compares after every step the bytes of
 * the updates in both formats, the events of observers and of the stacks, and now and then the states, the content and
 * where relative positions are.
 *
 * <p>{@code -Dcrdt.undo.seed=N} repeats a run, {@code -Dcrdt.undo.transactions=N} sets its length.
 */
class YjsUndoTest {
    private static final int TRANSACTIONS_AN_EPOCH = 200;

    @Test
    void undoesLikeYjsInRandomHistories() throws Exception {
        long seed = Long.getLong("crdt.undo.seed", System.nanoTime());
        int transactions = Integer.getInteger("crdt.undo.transactions", 5_000);
        System.out.println("undo test: -Dcrdt.undo.seed=" + seed + " -Dcrdt.undo.transactions=" + transactions);
        try (YjsOracle oracle = YjsOracle.start()) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int done = 0, epoch = 0; done < transactions; epoch++) {
                RandomEdits.Alphabet[] alphabets = RandomEdits.Alphabet.values();
                RandomEdits.Alphabet alphabet = alphabets[epoch % alphabets.length];
                done += new Epoch(oracle, random.split(), alphabet, "seed " + seed + ", epoch " + epoch).run();
            }
        }
    }

    private static final class Peer {
        final int number;
        final Doc doc;
        final List<byte[]> inbox = new ArrayList<>();
        final List<byte[]> emitted = new ArrayList<>();
        final List<byte[]> emittedV2 = new ArrayList<>();
        final SeenEvents events = new SeenEvents();
        final UndoManager manager;

        Peer(int number, long client, List<List<Object>> scope, Setup setup, LongSupplier clock) {
            this.number = number;
            this.doc = new Doc(client);
            doc.onUpdate((update, origin, local) -> emitted.add(update));
            doc.onUpdateV2((update, origin, local) -> emittedV2.add(update));
            RandomEdits.ROOTS.forEach(root -> RandomEdits.root(doc, root));
            List<YType> types =
                    scope.stream().map(root -> RandomEdits.root(doc, root)).toList();
            this.manager = (scope.isEmpty() ? UndoManager.builder(doc) : UndoManager.builder(types))
                    .trackedOrigins(new HashSet<>(setup.origins))
                    .ignoreRemoteMapChanges(setup.ignoreRemoteMapChanges)
                    .deleteFilter(deletion -> setup.spared == 0 || deletion.id().clock() % setup.spared != 0)
                    .clock(clock)
                    .build();
            events.observe(manager);
        }
    }

    /**
     * How a peer's manager is.
     *
     * @param spared deletions at clocks that this divides are filtered out; 0 for none
     */
    private record Setup(List<@Nullable Object> origins, boolean ignoreRemoteMapChanges, int spared) {}

    private static final class Epoch {
        private final YjsOracle oracle;
        private final SplittableRandom random;
        private final RandomEdits edits;
        private final List<Peer> peers = new ArrayList<>();
        private final List<RelativePosition> positions = new ArrayList<>();
        private final String name;
        private final boolean wholeDocuments;
        private final boolean echoing;
        private long now = 1_000_000;
        private int transactions;

        Epoch(YjsOracle oracle, SplittableRandom random, RandomEdits.Alphabet alphabet, String name) {
            this.oracle = oracle;
            this.random = random;
            this.wholeDocuments = random.nextInt(5) == 0;
            this.echoing = random.nextInt(4) == 0;
            // That a sub-document is deleted is one more transaction in yjs, of nothing: here is where it would be
            // seen.
            List<List<Object>> roots = random.nextInt(3) > 0 ? RandomEdits.ROOTS : List.of(List.of("map", "map"));
            this.edits = new RandomEdits(random, alphabet, roots, !wholeDocuments && !echoing);
            this.name = name;
            oracle.ask("reset");
            for (int i = 0, count = 2 + random.nextInt(2); i < count; i++) {
                join(i);
            }
        }

        private void join(int number) {
            long client = random.nextLong(1L << 32);
            List<List<Object>> scope = RandomEdits.ROOTS.stream()
                    .filter(root -> random.nextInt(3) > 0)
                    .toList();
            if (wholeDocuments || scope.isEmpty()) {
                scope = wholeDocuments ? List.of() : RandomEdits.ROOTS;
            }
            Setup setup = new Setup(
                    random.nextBoolean() ? Arrays.asList("mine", null) : Arrays.asList((Object) null),
                    random.nextInt(3) == 0,
                    random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 0);
            oracle.ask("create", number, client);
            // That a root is asked for is a transaction in yjs, which a manager of a whole document would capture.
            List<List<Object>> touches = RandomEdits.ROOTS.stream()
                    .map(root -> List.<Object>of("touch", root))
                    .toList();
            oracle.ask("edit", number, touches);
            Map<String, Object> there = new LinkedHashMap<>();
            there.put("scope", scope);
            there.put("origins", setup.origins);
            there.put("ignoreRemoteMapChanges", setup.ignoreRemoteMapChanges);
            there.put("spared", setup.spared);
            oracle.ask("manage", number, there);
            Peer peer = new Peer(number, client, scope, setup, () -> now);
            peers.add(peer);
            if (echoing && random.nextBoolean()) {
                oracle.ask("echo", number);
                echo(peer.doc);
            }
            if (random.nextBoolean()) {
                for (List<Object> root : RandomEdits.ROOTS) {
                    boolean own = random.nextBoolean();
                    boolean deep = random.nextBoolean();
                    oracle.ask("observe", number, root, own, deep);
                    peer.events.observe(RandomEdits.root(peer.doc, root), root, own, deep);
                }
            }
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

        int run() {
            while (transactions < TRANSACTIONS_AN_EPOCH) {
                now += random.nextInt(3) == 0 ? 600 : 100;
                oracle.ask("tick", now);
                step(peers.get(random.nextInt(peers.size())));
                transactions++;
            }
            peers.forEach(peer -> compareState(peer, "the end"));
            peers.forEach(this::compareContent);
            return transactions;
        }

        private void step(Peer peer) {
            int roll = random.nextInt(40);
            if (roll < 18) {
                edit(peer);
            } else if (roll < 25) {
                deliver(peer);
            } else if (roll < 32) {
                peer.manager.undo();
                compare(peer, "undo", "undo");
            } else if (roll < 36) {
                peer.manager.redo();
                compare(peer, "redo", "redo");
            } else if (roll == 36) {
                if (random.nextBoolean()) {
                    forget(peer);
                } else {
                    widenScope(peer);
                }
            } else if (roll == 37) {
                peer.manager.stopCapturing();
                compare(peer, "stop", "stopCapturing");
            } else if (roll == 38) {
                synchronise(peer, peers.get(random.nextInt(peers.size())));
            } else {
                compareState(peer, "a while");
                comparePosition(peer);
            }
        }

        private void edit(Peer peer) {
            @Nullable String origin = random.nextInt(4) > 0 ? null : random.nextBoolean() ? "mine" : "other";
            List<Object> steps = new ArrayList<>();
            peer.doc.transact(origin, tx -> {
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    edits.edit(peer.doc, steps);
                }
            });
            Map<String, Object> answer = origin == null
                    ? oracle.ask("edit", peer.number, steps)
                    : oracle.ask("edit", peer.number, steps, origin);
            compare(peer, answer, Json.stringify(steps));
        }

        private void deliver(Peer peer) {
            for (int n = random.nextInt(5); n > 0 && !peer.inbox.isEmpty(); n--) {
                apply(peer, peer.inbox.remove(random.nextInt(3) > 0 ? 0 : random.nextInt(peer.inbox.size())));
            }
        }

        private void apply(Peer peer, byte[] update) {
            String bytes = YjsOracle.base64(update);
            if (random.nextInt(5) == 0) {
                peer.doc.applyUpdate(update, null);
                compare(peer, oracle.ask("apply", peer.number, bytes), "an update of one's own");
            } else {
                peer.doc.applyUpdate(update, "remote");
                compare(peer, oracle.ask("apply", peer.number, bytes, "remote"), "an update");
            }
        }

        private void synchronise(Peer from, Peer to) {
            apply(to, from.doc.encodeStateSince(to.doc.stateVector()));
        }

        private void forget(Peer peer) {
            boolean undo = random.nextBoolean();
            boolean redo = random.nextBoolean();
            peer.manager.clear(undo, redo);
            compare(peer, "clear", "clear", undo, redo);
        }

        private void widenScope(Peer peer) {
            RandomEdits.Place place = edits.place(peer.doc, new ArrayList<>());
            peer.manager.addToScope(place.type());
            compare(peer, "addToScope", "addToScope", place.address());
        }

        private void compare(Peer peer, String what, Object... call) {
            List<Object> request = new ArrayList<>(List.of("undo", peer.number));
            request.addAll(List.of(call));
            Map<String, Object> answer = oracle.ask(request.toArray());
            compare(peer, answer, what);
        }

        private void compare(Peer peer, Map<String, Object> answer, String what) {
            same(peer.emitted, answer.get("updates"), where(peer) + ": updates after " + what);
            same(peer.emittedV2, answer.get("updatesV2"), where(peer) + ": updates in format v2 after " + what);
            assertThat(peer.events.take())
                    .as("%s: events after %s", where(peer), what)
                    .isEqualTo(Json.stringify(answer.get("events")));
            Map<String, Object> stacks = oracle.ask("stacks", peer.number);
            assertThat(peer.manager.undoStack().size() + " to undo, "
                            + peer.manager.redoStack().size() + " to redo")
                    .as("%s: after %s", where(peer), what)
                    .isEqualTo(stacks.get("undos") + " to undo, " + stacks.get("redos") + " to redo");
            for (byte[] update : peer.emitted) {
                peers.stream().filter(other -> other != peer).forEach(other -> other.inbox.add(update));
            }
            peer.emitted.clear();
            peer.emittedV2.clear();
        }

        private String where(Peer peer) {
            return name + ", transaction " + transactions + ", peer " + peer.number;
        }

        private static void same(List<byte[]> here, @Nullable Object there, String what) {
            assertThat(here.stream().map(YjsOracle::base64).toList()).as(what).isEqualTo(there);
        }

        /** Positions made now are found again at the end, what was brought back in between included. */
        private void comparePosition(Peer peer) {
            List<Object> root = RandomEdits.ROOTS.get(random.nextInt(RandomEdits.ROOTS.size()));
            YType type = RandomEdits.root(peer.doc, root);
            positions.add(
                    RelativePosition.create(type, random.nextInt(type.length() + 1), random.nextBoolean() ? 0 : -1));
            for (RelativePosition position : positions) {
                RelativePosition.Found found = position.resolve(peer.doc);
                assertThat(found == null ? -1 : found.index())
                        .as("%s: resolved position", where(peer))
                        .isEqualTo(oracle.ask("resolve", peer.number, YjsOracle.base64(position.encode()))
                                .get("index"));
            }
        }

        private void compareContent(Peer peer) {
            Map<String, Object> here = new LinkedHashMap<>();
            for (List<Object> root : RandomEdits.ROOTS) {
                here.put((String) root.get(0), RandomEdits.show(RandomEdits.root(peer.doc, root), false));
            }
            Object there = oracle.ask("content", peer.number, RandomEdits.ROOTS).get("content");
            assertThat(Json.stringify(here)).as("%s: content", where(peer)).isEqualTo(Json.stringify(there));
        }

        private void compareState(Peer peer, String when) {
            Map<String, Object> there = oracle.ask("state", peer.number);
            same(List.of(peer.doc.encodeState()), List.of(there.getOrDefault("state", "")), where(peer) + ": state");
            same(
                    List.of(peer.doc.encodeStateV2()),
                    List.of(there.getOrDefault("stateV2", "")),
                    where(peer) + ": state in format v2");
            assertThat(peer.doc.structCount())
                    .as("%s: structs after %s", where(peer), when)
                    .isEqualTo(there.get("structs"));
        }
    }
}
