package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Runs the same random histories here and in yjs and compares everything that can be seen after every step: the bytes of
 * each update, of merged, partial and full states, in both formats, the events of observers, and the content.
 *
 * <p>{@code -Dcrdt.seed=N} repeats a run, {@code -Dcrdt.transactions=N} sets its length.
 */
class YjsDifferentialTest {
    private static final int TRANSACTIONS_AN_EPOCH = 400;

    @Test
    void decidesLikeYjsInRandomHistories() throws Exception {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        int transactions = Integer.getInteger("crdt.transactions", 20_000);
        System.out.println("differential test: -Dcrdt.seed=" + seed + " -Dcrdt.transactions=" + transactions);
        try (YjsOracle oracle = YjsOracle.start()) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int done = 0, epoch = 0; done < transactions; epoch++) {
                Epoch run = new Epoch(oracle, random.split(), alphabet(epoch), "seed " + seed + ", epoch " + epoch);
                done += run.run();
            }
        }
    }

    private static RandomEdits.Alphabet alphabet(int epoch) {
        return epoch % 4 == 3
                ? RandomEdits.Alphabet.HALVES
                : epoch % 2 == 1 ? RandomEdits.Alphabet.PAIRS : RandomEdits.Alphabet.BASIC;
    }

    /** The same in both formats. */
    private static final class Sent {
        final byte[] v1;
        final byte[] v2;

        Sent(byte[] v1, byte[] v2) {
            this.v1 = v1;
            this.v2 = v2;
        }
    }

    private static final class Peer {
        final int number;
        final Doc doc;
        /** Updates that are on their way to it. */
        final List<Sent> inbox = new ArrayList<>();
        /** What its document announced since it was last asked. */
        final List<byte[]> emitted = new ArrayList<>();

        final List<byte[]> emittedV2 = new ArrayList<>();
        final SeenEvents events = new SeenEvents();

        Peer(int number, long client) {
            this.number = number;
            this.doc = new Doc(client);
            if (number % 2 == 0) {
                doc.store().positions = new PositionIndex(doc.store(), 2, 4, 8);
            }
            doc.onUpdate((update, origin, local) -> emitted.add(update));
            doc.onUpdateV2((update, origin, local) -> emittedV2.add(update));
        }
    }

    private static final class Epoch {
        private final YjsOracle oracle;
        private final SplittableRandom random;
        private final RandomEdits edits;
        private final List<Peer> peers = new ArrayList<>();
        private final String name;
        private final RandomEdits.Alphabet alphabet;
        private int transactions;

        Epoch(YjsOracle oracle, SplittableRandom random, RandomEdits.Alphabet alphabet, String name) {
            this.oracle = oracle;
            this.random = random;
            this.edits = new RandomEdits(random, alphabet);
            this.alphabet = alphabet;
            this.name = name;
            oracle.ask("reset");
            int count = 3 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                long client = random.nextInt(10) == 0 ? (1L << 52) + i : random.nextLong(1L << 32);
                peers.add(new Peer(i, client));
                oracle.ask("create", i, client);
            }
            peers.stream().filter(peer -> random.nextBoolean()).forEach(this::observeRoots);
        }

        private void observeRoots(Peer peer) {
            for (List<Object> root : RandomEdits.ROOTS) {
                observe(peer, new RandomEdits.Place(RandomEdits.root(peer.doc, root), root));
            }
        }

        private void observeAny(Peer peer) {
            List<Object> touches = new ArrayList<>();
            RandomEdits.Place place = edits.place(peer.doc, touches);
            oracle.ask("edit", peer.number, touches);
            observe(peer, place);
        }

        private void observe(Peer peer, RandomEdits.Place place) {
            boolean own = random.nextBoolean();
            boolean deep = random.nextBoolean();
            oracle.ask("observe", peer.number, place.address(), own, deep);
            peer.events.observe(place.type(), place.address(), own, deep);
        }

        int run() {
            while (transactions < TRANSACTIONS_AN_EPOCH) {
                Peer peer = peers.get(random.nextInt(peers.size()));
                int roll = random.nextInt(20);
                if (roll < 12) {
                    edit(peer);
                } else if (roll < 17) {
                    deliver(peer);
                } else if (roll == 17) {
                    synchronise(peer, peers.get(random.nextInt(peers.size())));
                } else if (roll == 18) {
                    compareBytes(peer);
                    comparePosition(peer);
                } else {
                    mergeOnTheWay(peer);
                }
            }
            peers.forEach(this::compareBytes);
            converge();
            return transactions;
        }

        private void edit(Peer peer) {
            List<Object> steps = new ArrayList<>();
            peer.doc.transact(null, tx -> {
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    edits.edit(peer.doc, steps);
                }
            });
            Map<String, Object> answer = oracle.ask("edit", peer.number, steps);
            if (random.nextInt(20) == 0) {
                observeAny(peer);
            }
            transactions++;
            for (Sent update : sameUpdates(peer, answer, "after " + Json.stringify(steps))) {
                for (Peer other : peers) {
                    if (other != peer) {
                        other.inbox.add(update);
                    }
                }
            }
        }

        /** Mostly the oldest update, sometimes any, sometimes once more. */
        private void deliver(Peer peer) {
            for (int n = random.nextInt(6); n > 0 && !peer.inbox.isEmpty(); n--) {
                int which = random.nextInt(3) > 0 ? 0 : random.nextInt(peer.inbox.size());
                Sent update = random.nextInt(8) == 0 ? peer.inbox.get(which) : peer.inbox.remove(which);
                apply(peer, update);
            }
        }

        private void apply(Peer peer, Sent update) {
            boolean second = random.nextInt(3) == 0;
            String bytes = YjsOracle.base64(second ? update.v2 : update.v1);
            if (second) {
                peer.doc.applyUpdateV2(update.v2, null);
            } else {
                peer.doc.applyUpdate(update.v1, null);
            }
            Map<String, Object> answer = oracle.ask(second ? "applyV2" : "apply", peer.number, bytes);
            transactions++;
            List<Sent> announced = sameUpdates(peer, answer, "after receiving " + bytes);
            if (random.nextInt(10) == 0) {
                Peer other = peers.get(random.nextInt(peers.size()));
                other.inbox.addAll(announced);
            }
        }

        private List<Sent> sameUpdates(Peer peer, Map<String, Object> answer, String when) {
            List<Sent> sent = new ArrayList<>();
            for (int i = 0; i < peer.emitted.size(); i++) {
                sent.add(new Sent(peer.emitted.get(i), peer.emittedV2.get(i)));
            }
            same(peer.emitted, answer.get("updates"), "updates of peer " + peer.number + " " + when);
            same(peer.emittedV2, answer.get("updatesV2"), "updates in format v2 of peer " + peer.number + " " + when);
            assertThat(peer.events.take())
                    .as("%s, transaction %d: events of peer %d %s", name, transactions, peer.number, when)
                    .isEqualTo(Json.stringify(answer.get("events")));
            peer.emitted.clear();
            peer.emittedV2.clear();
            return sent;
        }

        private void same(List<byte[]> here, Object there, String what) {
            assertThat(here.stream().map(YjsOracle::base64).toList())
                    .as("%s, transaction %d: %s", name, transactions, what)
                    .isEqualTo(there);
        }

        private void same(byte[] here, Map<String, Object> answer, String key, String what) {
            assertThat(YjsOracle.base64(here))
                    .as("%s, transaction %d: %s", name, transactions, what)
                    .isEqualTo(answer.get(key));
        }

        /** What a reconnecting client does: one peer sends the other what it lacks. */
        private void synchronise(Peer from, Peer to) {
            byte[] vector = to.doc.stateVector().encode();
            byte[] update = from.doc.encodeStateSince(StateVector.decode(vector));
            byte[] updateV2 = from.doc.encodeStateSinceV2(StateVector.decode(vector));
            Map<String, Object> there = oracle.ask("since", from.number, YjsOracle.base64(vector));
            same(update, there, "update", "difference");
            same(updateV2, there, "updateV2", "difference in format v2");
            same(Updates.toV1(updateV2), oracle.ask("toV1", YjsOracle.base64(updateV2)), "update", "v2 as v1");
            same(Updates.toV2(update), oracle.ask("toV2", YjsOracle.base64(update)), "update", "v1 as v2");
            assertThat(Updates.stateVectorOf(update).encode())
                    .as("%s: state vector of an update", name)
                    .isEqualTo(YjsOracle.bytes(
                            oracle.ask("vector", YjsOracle.base64(update)).getOrDefault("vector", "")));
            apply(to, new Sent(update, updateV2));
        }

        /** Merges some updates on their way without a document, and may send only what is new. */
        private void mergeOnTheWay(Peer peer) {
            int count = Math.min(peer.inbox.size(), 2 + random.nextInt(6));
            if (count < 2) {
                return;
            }
            List<Sent> some = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                some.add(peer.inbox.remove(random.nextInt(peer.inbox.size())));
            }
            List<byte[]> first = some.stream().map(sent -> sent.v1).toList();
            List<byte[]> second = some.stream().map(sent -> sent.v2).toList();
            Sent merged = new Sent(Updates.merge(first), Updates.mergeV2(second));
            same(merged.v1, oracle.ask("merge", base64(first)), "update", "merged update");
            same(merged.v2, oracle.ask("mergeV2", base64(second)), "update", "merged update in format v2");
            StateVector known = peer.doc.stateVector();
            String vector = YjsOracle.base64(known.encode());
            Sent diff = new Sent(Updates.diff(merged.v1, known), Updates.diffV2(merged.v2, known));
            same(diff.v1, oracle.ask("diff", YjsOracle.base64(merged.v1), vector), "update", "partial update");
            same(diff.v2, oracle.ask("diffV2", YjsOracle.base64(merged.v2), vector), "update", "partial update in v2");
            peer.inbox.add(random.nextBoolean() ? merged : diff);
        }

        private static List<String> base64(List<byte[]> updates) {
            return updates.stream().map(YjsOracle::base64).toList();
        }

        private void compareBytes(Peer peer) {
            Map<String, Object> there = oracle.ask("state", peer.number);
            String where = name + ", transaction " + transactions + ", peer " + peer.number;
            assertThat(YjsOracle.base64(peer.doc.stateVector().encode()))
                    .as("%s: state vector", where)
                    .isEqualTo(there.get("vector"));
            assertThat(peer.doc.structCount()).as("%s: structs", where).isEqualTo(there.get("structs"));
            assertThat(peer.doc.hasPending()).as("%s: pending", where).isEqualTo(there.get("pending"));
            byte[] state = peer.doc.encodeState();
            same(state, there, "state", "state of peer " + peer.number);
            same(peer.doc.encodeStateV2(), there, "stateV2", "state in format v2 of peer " + peer.number);
            assertThat(Updates.meta(state).deleted().contains(new Id(0, 0)))
                    .as("%s: deleted", where)
                    .isEqualTo(peer.doc.deleteSet().contains(new Id(0, 0)));
            if (random.nextInt(4) == 0) {
                compareContent(peer, where);
            }
        }

        private void compareContent(Peer peer, String where) {
            Map<String, Object> here = content(peer, false);
            Object there = oracle.ask("content", peer.number, RandomEdits.ROOTS).get("content");
            assertThat(Json.stringify(here)).as("%s: content", where).isEqualTo(Json.stringify(there));
        }

        private static Map<String, Object> content(Peer peer, boolean sorted) {
            Map<String, Object> out = new LinkedHashMap<>();
            for (List<Object> root : RandomEdits.ROOTS) {
                Object shown = RandomEdits.show(RandomEdits.root(peer.doc, root), sorted);
                out.put((String) root.get(0), shown == null ? "" : shown);
            }
            return out;
        }

        private void comparePosition(Peer peer) {
            List<Object> root = RandomEdits.ROOTS.get(random.nextInt(RandomEdits.ROOTS.size()));
            YType type = RandomEdits.root(peer.doc, root);
            int index = random.nextInt(type.length() + 1);
            int assoc = random.nextBoolean() ? 0 : -1;
            RelativePosition position = RelativePosition.create(type, index, assoc);
            Map<String, Object> there = oracle.ask("position", peer.number, root, index, assoc);
            String encoded = YjsOracle.base64(position.encode());
            assertThat(encoded).as("%s: position", name).isEqualTo(there.get("position"));
            assertThat(Json.stringify(position.toJson()))
                    .as("%s: position", name)
                    .isEqualTo(Json.stringify(there.get("json")));
            for (Peer other : peers) {
                RelativePosition.Found found =
                        RelativePosition.decode(position.encode()).resolve(other.doc);
                Object expected = oracle.ask("resolve", other.number, encoded).get("index");
                assertThat(found == null ? -1 : found.index())
                        .as("%s: resolved position", name)
                        .isEqualTo(expected);
            }
        }

        /** Everybody hears from everybody until nothing is new; then all must hold the same. */
        private void converge() {
            for (int round = 0; round < 3; round++) {
                for (Peer from : peers) {
                    for (Peer to : peers) {
                        if (from != to) {
                            synchronise(from, to);
                        }
                    }
                }
            }
            for (Peer peer : peers) {
                compareBytes(peer);
                compareContent(peer, name + " at its end");
                assertThat(peer.doc.hasPending()).as("%s: nothing waits", name).isFalse();
                assertThat(peer.doc.stateVector())
                        .as("%s: equal state vectors", name)
                        .isEqualTo(peers.get(0).doc.stateVector());
                assertThat(peer.doc.deleteSet())
                        .as("%s: equal delete sets", name)
                        .isEqualTo(peers.get(0).doc.deleteSet());
                if (alphabet == RandomEdits.Alphabet.BASIC) {
                    assertThat(Json.stringify(content(peer, true)))
                            .as("%s: equal content", name)
                            .isEqualTo(Json.stringify(content(peers.get(0), true)));
                }
            }
        }
    }
}
