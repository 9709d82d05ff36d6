package ai.materi.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What of the documents in a history has to be the same here and in the oracle, and for all peers at its end. */
final class Comparison {
    private static final int MOST_POSITIONS = 8;
    /** The number of a peer that only loads what others encoded. */
    private static final int READER = 1000;

    private final Setting setting;
    private final Expectations oracle;
    private final List<RelativePosition> positions = new ArrayList<>();

    Comparison(Setting setting, Expectations oracle) {
        this.setting = setting;
        this.oracle = oracle;
    }

    /** Content, state vector, delete set, struct store, and the encoded state in both formats. */
    void document(Peer peer) {
        Doc doc = peer.doc;
        oracle.expect("a document", shown(doc), "document", peer.number, RandomEdits.ROOTS);
        if (setting.isFollowed() && !doc.hasPending()) {
            oracle.expect("ywasm", Map.of("deviations", "[]"), "follow", peer.number, RandomEdits.ROOTS);
        }
    }

    private Map<String, Object> shown(Doc doc) {
        Map<String, Object> here = new LinkedHashMap<>();
        here.put("vector", oracle.shown(doc.stateVector().encode()));
        here.put("snapshot", oracle.shown(Snapshot.of(doc).encode()));
        here.put("pending", doc.hasPending());
        here.put("structs", doc.structCount());
        here.put("store", oracle.shown(StateEncoder.since(doc.store(), StateVector.EMPTY, false)));
        here.put("state", oracle.shown(doc.encodeState()));
        here.put("stateV2", oracle.shown(doc.encodeStateV2()));
        here.put("content", content(oracle, doc));
        return here;
    }

    /** All content of a document, as the oracle shows it. */
    static String content(Expectations oracle, Doc doc) {
        return oracle.shown(Json.stringify(content(doc, false)));
    }

    private static Map<String, Object> content(Doc doc, boolean sorted) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (List<Object> root : RandomEdits.ROOTS) {
            Object shown = RandomEdits.show(RandomEdits.root(doc, root), sorted);
            out.put((String) root.get(0), shown == null ? "" : shown);
        }
        return out;
    }

    /** Positions made now and earlier, what was brought back in between included, are found by everybody. */
    void positions(Peer peer, List<Peer> peers, SplittableRandom random) {
        List<Object> root = RandomEdits.ROOTS.get(random.nextInt(RandomEdits.ROOTS.size()));
        YType type = RandomEdits.root(peer.doc, root);
        int index = random.nextInt(type.length() + 1);
        int assoc = random.nextBoolean() ? 0 : -1;
        RelativePosition position = RelativePosition.create(type, index, assoc);
        Map<String, Object> here = Map.of(
                "position", oracle.shown(position.encode()),
                "json", oracle.shown(Json.stringify(position.toJson())));
        oracle.expect("position", here, "position", peer.number, root, index, assoc);
        if (positions.size() == MOST_POSITIONS) {
            positions.remove(0);
        }
        positions.add(RelativePosition.decode(position.encode()));
        for (RelativePosition known : positions) {
            String encoded = YjsOracle.base64(known.encode());
            for (Peer other : peers) {
                RelativePosition.Found found = known.resolve(other.doc);
                Map<String, Object> resolved = Map.of("index", found == null ? -1 : found.index());
                oracle.expect("resolved position", resolved, "resolve", other.number, encoded);
            }
        }
    }

    /** What peers hold who heard from each other until nothing was new. */
    void end(Doc first, Doc second) {
        requireEqual(false, second.hasPending(), "whether something waits");
        requireEqual(first.stateVector(), second.stateVector(), "state vectors");
        requireEqual(first.deleteSet(), second.deleteSet(), "delete sets");
        // In yjs too, peers differ in halves of pairs, and what is undone may come back elsewhere for who undid it.
        if (setting.repertoire().alphabet() == RandomEdits.Alphabet.BASIC && !setting.undoes()) {
            String content = Json.stringify(content(first, true));
            requireEqual(content, Json.stringify(content(second, true)), "content");
        }
    }

    private void requireEqual(Object one, Object other, String what) {
        if (!one.equals(other)) {
            String both = "\n  one   " + one + "\n  other " + other;
            throw new Divergence(oracle.operation(), what + " at the end", both, null);
        }
    }

    /** Reads what ywasm encodes, some numbers in a way of its own, here and in yjs: both then write it alike. */
    void encodedByYwasm(Peer peer) {
        oracle.ask("ywasmState", peer.number).forEach((format, encoded) -> {
            byte[] state = YjsOracle.bytes(encoded);
            oracle.expect("create", Map.of(), "create", READER, 0);
            Doc reader = new Doc(0);
            if (format.equals("apply")) {
                reader.applyUpdate(state, null);
            } else {
                reader.applyUpdateV2(state, null);
            }
            oracle.expect("what ywasm encodes", Map.of(), format, READER, YjsOracle.base64(state));
            oracle.expect("a document of what ywasm encodes", shown(reader), "document", READER, RandomEdits.ROOTS);
            oracle.check();
            if (!setting.undoes()) {
                requireEqual(withoutSignsOfZero(peer.doc), withoutSignsOfZero(reader), "what ywasm encodes");
            }
        });
    }

    /** ywasm reads and writes -0 as 0. */
    private static String withoutSignsOfZero(Doc doc) {
        return Json.stringify(content(doc, true)).replace("{\"$number\":\"-0\"}", "0");
    }
}
