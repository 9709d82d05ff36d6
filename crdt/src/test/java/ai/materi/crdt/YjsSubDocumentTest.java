package ai.materi.crdt;

import static ai.materi.crdt.NodeScript.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Does the same to sub-documents here and in yjs and compares what is heard, in its order, what is seen, and the bytes.
 *
 * <p>{@code -Dcrdt.subdocs.seed=N} repeats a run, {@code -Dcrdt.subdocs.steps=N} sets its length.
 */
class YjsSubDocumentTest {
    private static final int STEPS_AN_EPOCH = 120;

    @Test
    void livesAndDiesAsInYjs() throws Exception {
        long seed = Long.getLong("crdt.subdocs.seed", System.nanoTime());
        int steps = Integer.getInteger("crdt.subdocs.steps", 4_000);
        System.out.println("sub-documents: -Dcrdt.subdocs.seed=" + seed + " -Dcrdt.subdocs.steps=" + steps);
        SplittableRandom random = new SplittableRandom(seed);
        try (NodeScript yjs = NodeScript.start("subdocs.mjs")) {
            for (int done = 0; done < steps; done += STEPS_AN_EPOCH) {
                new Epoch(yjs, random.split(), "seed " + seed + ", from step " + done).run();
            }
        }
    }

    @Test
    void writesOnlyTheOptionsThatYjsKnows() throws Exception {
        ByteWriter out = new ByteWriter();
        out.bytes(new byte[] {1, 1, 7, 0, Items.DOC, 1, 1, 'r'});
        out.varString("name");
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("later", 1);
        options.put("meta", List.of(1.5));
        options.put("autoLoad", "yes");
        options.put("gc", null);
        options.put("shouldLoad", true);
        options.put("guid", "other");
        AnyCodec.write(out, options);
        out.u8(0);
        byte[] update = out.toByteArray();
        Doc doc = Doc.of(update);

        SubDocument sub = doc.subDocuments().iterator().next();
        assertThat(sub.guid()).isEqualTo("other");
        assertThat(sub.options().toString()).isEqualTo("{gc=false, autoLoad=true, meta=[1.5]}");
        try (NodeScript yjs = NodeScript.start("subdocs.mjs")) {
            String base64 = YjsOracle.base64(update);
            yjs.ask("create", 0, 1, null);
            yjs.ask("run", list("apply", 0, base64));
            Map<String, @Nullable Object> state = yjs.ask("state", 0);
            assertThat(YjsOracle.base64(doc.encodeState())).isEqualTo(state.get("state"));
            assertThat(YjsOracle.base64(doc.encodeStateV2())).isEqualTo(state.get("stateV2"));
            byte[] other = {1, 1, 3, 0, Items.GC, 1, 0};
            Object merged =
                    yjs.ask("merge", list(base64, YjsOracle.base64(other))).get("update");
            assertThat(YjsOracle.base64(Updates.merge(List.of(update, other)))).isEqualTo(merged);
            assertThat(YjsOracle.base64(Updates.toV2(update)))
                    .isEqualTo(yjs.ask("toV2", base64).get("update"));
        }
    }

    /** One history of two peers. */
    private static final class Epoch {
        private final NodeScript yjs;
        private final SplittableRandom random;
        private final String where;
        private final List<Doc> peers = new ArrayList<>();
        private final List<UndoManager> managers = new ArrayList<>();
        private final Map<String, SubDocument> instances = new LinkedHashMap<>();
        private final Map<SubDocument, String> names = new HashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<String> watched = new HashSet<>();
        private final Set<String> written = new HashSet<>();
        private final List<@Nullable Object> log = new ArrayList<>();

        Epoch(NodeScript yjs, SplittableRandom random, String where) {
            this.yjs = yjs;
            this.random = random;
            this.where = where;
        }

        void run() {
            yjs.ask("reset");
            create(0, 1, null);
            create(1, 2, "shelf");
            for (int i = 0; i < STEPS_AN_EPOCH; i++) {
                List<@Nullable Object> step = step(true);
                log.clear();
                perform(step);
                assertThat(Json.stringify(log))
                        .as("%s: %s", where, step)
                        .isEqualTo(Json.stringify(yjs.ask("run", step).get("log")));
                compare(step);
            }
            for (String name : List.copyOf(instances.keySet())) {
                boolean content = written.contains(name);
                assertThat(Json.stringify(seen(name, content)))
                        .as("%s: %s", where, name)
                        .isEqualTo(Json.stringify(yjs.ask("instance", name, content)));
            }
        }

        private void create(int peer, long client, @Nullable String collection) {
            Doc doc = new Doc(client);
            doc.setCollectionId(collection);
            doc.onUpdate((update, origin, local) -> log.add(list("update", peer, YjsOracle.base64(update))));
            doc.onUpdateV2((update, origin, local) -> log.add(list("updateV2", peer, YjsOracle.base64(update))));
            watch(doc, peer);
            peers.add(doc);
            doc.map("map");
            doc.array("list");
            managers.add(UndoManager.builder(doc).captureTimeout(0).build());
            yjs.ask("create", peer, client, collection);
        }

        private void watch(Doc doc, Object as) {
            doc.onSubDocuments(event ->
                    log.add(list("subdocs", as, named(event.loaded()), named(event.added()), named(event.removed()))));
        }

        private List<String> named(Set<SubDocument> subs) {
            return subs.stream().map(this::name).toList();
        }

        private String name(SubDocument sub) {
            String known = names.get(sub);
            if (known != null) {
                return known;
            }
            int n = counts.merge(sub.guid(), 1, Integer::sum) - 1;
            String given = sub.guid() + '/' + n;
            names.put(sub, given);
            instances.put(given, sub);
            sub.onDestroy(gone -> log.add(list("destroy", given)));
            return given;
        }

        // ---- what is done

        private List<@Nullable Object> step(boolean mayGroup) {
            int peer = random.nextInt(2);
            String instance = anInstance();
            switch (random.nextInt(mayGroup ? 13 : 9)) {
                case 0, 1 -> {
                    return list("set", peer, aKey(), aValue());
                }
                case 2 -> {
                    return list("push", peer, list(1, aSubDocument(), aValue(), aSubDocument()));
                }
                case 3 -> {
                    return list("unset", peer, aKey());
                }
                case 4 -> {
                    int length = peers.get(peer).array("list").length();
                    // A group may hold several deletions.
                    return length < 12
                            ? list("push", peer, list(aSubDocument()))
                            : list("delete", peer, random.nextInt(3), random.nextInt(3));
                }
                case 5 -> {
                    return instance == null ? list("unset", peer, aKey()) : list("load", instance);
                }
                case 6 -> {
                    return instance == null ? list("unset", peer, aKey()) : list("destroy", instance);
                }
                case 7, 8 -> {
                    if (instance == null || !isPresent(instance(instance))) {
                        return list("unset", peer, aKey());
                    }
                    return random.nextBoolean()
                            ? list("write", instance, "x")
                            : list("nest", instance, aKey(), aSubDocument());
                }
                case 9 -> {
                    return list(random.nextInt(3) == 0 ? "redo" : "undo", peer);
                }
                case 10 -> {
                    return list("together", peer, list(step(false), step(false), step(false)));
                }
                default -> {
                    return list(
                            "apply", peer, YjsOracle.base64(peers.get(1 - peer).encodeState()));
                }
            }
        }

        /** Others write as a random client. */
        private static boolean isPresent(SubDocument sub) {
            return sub.parent() != null && sub.parent().subDocuments().contains(sub);
        }

        private @Nullable String anInstance() {
            List<String> known = List.copyOf(instances.keySet());
            return known.isEmpty() ? null : known.get(random.nextInt(known.size()));
        }

        private String aKey() {
            return "k" + random.nextInt(4);
        }

        private @Nullable Object aValue() {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(10);
                case 1 -> Map.of("$map", Map.of("inner", aSubDocument()));
                default -> aSubDocument();
            };
        }

        private Object aSubDocument() {
            Map<String, @Nullable Object> options = new LinkedHashMap<>();
            if (random.nextInt(4) == 0) {
                options.put("meta", random.nextBoolean() ? Map.of("title", "T") : null);
            }
            if (random.nextInt(4) == 0) {
                options.put("autoLoad", random.nextBoolean());
            }
            if (random.nextInt(4) == 0) {
                options.put("shouldLoad", random.nextBoolean());
            }
            if (random.nextInt(4) == 0) {
                options.put("gc", random.nextBoolean());
            }
            if (random.nextInt(6) == 0) {
                options.put("collectionid", "own");
            }
            return Map.of("$doc", list("g" + random.nextInt(5), options));
        }

        @SuppressWarnings("unchecked") // as step() makes them
        private void perform(List<@Nullable Object> step) {
            Object[] of = step.toArray();
            switch ((String) of[0]) {
                case "set" -> peers.get((int) of[1]).map("map").set((String) of[2], value(of[3]));
                case "unset" -> peers.get((int) of[1]).map("map").delete((String) of[2]);
                case "push" -> peers.get((int) of[1]).array("list").push(values((List<?>) of[2]));
                case "delete" -> peers.get((int) of[1]).array("list").delete((int) of[2], (int) of[3]);
                case "load" -> instance(of[1]).load();
                case "destroy" -> instance(of[1]).destroy();
                case "write" -> {
                    written.add((String) of[1]);
                    instance(of[1]).doc().text("text").insert(0, (String) of[2]);
                }
                case "nest" -> nest((String) of[1], (String) of[2], of[3]);
                case "undo" -> managers.get((int) of[1]).undo();
                case "redo" -> managers.get((int) of[1]).redo();
                case "together" ->
                    peers.get((int) of[1])
                            .transact(null, tx -> ((List<List<@Nullable Object>>) of[2]).forEach(this::perform));
                default -> peers.get((int) of[1]).applyUpdate(YjsOracle.bytes(of[2]), "remote");
            }
        }

        private void nest(String name, String key, @Nullable Object value) {
            Doc content = instance(name).doc();
            written.add(name);
            if (watched.add(name)) {
                watch(content, name);
            }
            content.map("map").set(key, value(value));
        }

        private SubDocument instance(Object name) {
            SubDocument sub = instances.get((String) name);
            assertThat(sub).as("%s: %s", where, name).isNotNull();
            return sub;
        }

        private List<@Nullable Object> values(List<?> values) {
            return values.stream().map(this::value).collect(Collectors.toCollection(ArrayList::new));
        }

        @SuppressWarnings("unchecked")
        private @Nullable Object value(@Nullable Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                return value;
            }
            if (map.get("$map") instanceof Map<?, ?> entries) {
                YMap made = new YMap();
                entries.forEach((key, inner) -> made.set((String) key, value(inner)));
                return made;
            }
            List<?> parts = (List<?>) map.get("$doc");
            SubDocument made = new SubDocument((String) parts.get(0), (Map<String, ?>) parts.get(1));
            name(made);
            return made;
        }

        // ---- what is seen

        private void compare(List<@Nullable Object> step) {
            for (int peer = 0; peer < 2; peer++) {
                Doc doc = peers.get(peer);
                Map<String, @Nullable Object> here = new LinkedHashMap<>();
                here.put("state", YjsOracle.base64(doc.encodeState()));
                here.put("stateV2", YjsOracle.base64(doc.encodeStateV2()));
                here.put("guids", List.copyOf(doc.subDocumentGuids()));
                here.put("subs", named(doc.subDocuments()));
                List<@Nullable Object> entries = new ArrayList<>();
                doc.map("map").toMap().forEach((key, value) -> entries.add(list(key, nameOf(value))));
                here.put("entries", entries);
                here.put(
                        "values",
                        doc.array("list").toList().stream().map(this::nameOf).toList());
                UndoManager manager = managers.get(peer);
                here.put(
                        "steps",
                        list(manager.undoStack().size(), manager.redoStack().size()));
                assertThat(Json.stringify(here))
                        .as("%s: %s", where, step)
                        .isEqualTo(Json.stringify(yjs.ask("state", peer)));
            }
        }

        private @Nullable String nameOf(@Nullable Object value) {
            return value instanceof SubDocument sub ? name(sub) : null;
        }

        private Map<String, @Nullable Object> seen(String name, boolean content) {
            SubDocument sub = instance(name);
            Map<String, @Nullable Object> seen = new LinkedHashMap<>();
            seen.put("guid", sub.guid());
            seen.put("gc", !sub.keepsDeleted());
            seen.put("autoLoad", sub.isAutoLoad());
            seen.put("shouldLoad", sub.shouldLoad());
            seen.put("meta", sub.meta());
            seen.put("collectionid", sub.collectionId());
            seen.put("destroyed", sub.isDestroyed());
            seen.put("held", sub.parent() != null);
            seen.put("content", content ? YjsOracle.base64(sub.doc().encodeState()) : null);
            seen.put("client", content ? sub.doc().clientId() : 0);
            return seen;
        }
    }
}
