package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Json;
import ai.materi.crdt.Updates;
import ai.materi.crdt.YText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The engine behind standard input and output: a line of JSON asks for one measurement, a line answers. The same as
 * {@code interop/bench/crdt/peer.mjs}: numbers in an answer are measurements, strings must be equal wherever they are given.
 */
final class EngineWorker {
    private static final int BUDGET = Integer.MAX_VALUE;

    private final Map<String, Object> files = new HashMap<>();
    private String held = "";
    private Doc loaded = new Doc();

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EngineWorker worker = new EngineWorker();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(Json.stringify(worker.answer(Request.of(line))));
        }
    }

    private record Request(Map<?, ?> fields) {
        static Request of(String line) {
            return new Request((Map<?, ?>) Json.parse(line));
        }

        String text(String name) {
            return (String) fields.get(name);
        }

        int number(String name) {
            return ((Number) fields.get(name)).intValue();
        }
    }

    private Map<String, Object> answer(Request request) throws Exception {
        return switch (request.text("task")) {
            case "apply" -> apply(request);
            case "edit" -> edit(request);
            case "load" -> load(request);
            case "encode" -> encode(request);
            case "merge" -> merge(request);
            case "heap" -> heap(request);
            case "positions" -> positions(request);
            default -> throw new IllegalArgumentException("no such task: " + request.text("task"));
        };
    }

    private Map<String, Object> apply(Request request) throws Exception {
        List<byte[]> updates = updates(request.text("updates"));
        Timed<Doc> timed = Timed.of(request.number("atLeastMs"), () -> {
            Doc doc = new Doc();
            for (byte[] update : updates) {
                doc.applyUpdate(update, null);
            }
            return doc;
        });
        return Map.of(
                "ms", timed.ms,
                "content", Workload.contentDigest(timed.result, request.text("kind")),
                "state", Workload.digest(timed.result.encodeState()));
    }

    private Map<String, Object> edit(Request request) throws Exception {
        List<List<Edit>> transactions = edits(request.text("edits"));
        Timed<List<byte[]>> timed = Timed.of(request.number("atLeastMs"), () -> {
            Doc doc = new Doc(1);
            List<byte[]> updates = new ArrayList<>(transactions.size());
            doc.onUpdate((update, origin, local) -> updates.add(update));
            YText text = doc.text(Workload.ROOT);
            for (List<Edit> edits : transactions) {
                doc.transact(null, tx -> edits.forEach(edit -> edit.make(text)));
            }
            return updates;
        });
        return Map.of("ms", timed.ms, "updates", Workload.digest(timed.result));
    }

    /** Of a document with text. */
    private Map<String, Object> load(Request request) throws Exception {
        byte[] state = bytes(request.text("state"));
        Timed<String> timed = Timed.of(
                request.number("atLeastMs"),
                () -> open(state).text(Workload.ROOT).toString());
        return Map.of("ms", timed.ms, "content", Workload.digest(timed.result.getBytes(StandardCharsets.UTF_8)));
    }

    private Map<String, Object> encode(Request request) throws Exception {
        if (!held.equals(request.text("state"))) {
            loaded = open(bytes(request.text("state")));
            held = request.text("state");
        }
        Timed<byte[]> timed = Timed.of(request.number("atLeastMs"), loaded::encodeState);
        return Map.of("ms", timed.ms, "state", Workload.digest(timed.result));
    }

    private Map<String, Object> merge(Request request) throws Exception {
        List<byte[]> all = updates(request.text("updates"));
        List<byte[]> some = all.subList(0, request.number("count"));
        Timed<byte[]> timed = Timed.of(request.number("atLeastMs"), () -> Updates.merge(some));
        return Map.of("ms", timed.ms, "merged", Workload.digest(timed.result));
    }

    private Map<String, Object> heap(Request request) throws Exception {
        byte[] state = bytes(request.text("state"));
        Doc[] docs = new Doc[request.number("documents")];
        long before = used();
        try {
            for (int i = 0; i < docs.length; i++) {
                docs[i] = open(state);
            }
            return Map.of("bytes", (double) (used() - before) / docs.length);
        } finally {
            Reference.reachabilityFence(docs);
        }
    }

    /** Insertions and deletions in turn, each somewhere else; the document stays as long as it is. */
    private Map<String, Object> positions(Request request) throws Exception {
        String file = request.text("state") + request.fields.get("formatted");
        if (!held.equals(file)) {
            loaded = open(bytes(request.text("state")));
            held = file;
            if (Boolean.TRUE.equals(request.fields.get("formatted"))) {
                loaded.text(Workload.ROOT).format(0, 1, Map.of("bold", true));
            }
        }
        YText text = loaded.text(Workload.ROOT);
        int edits = request.number("edits");
        long[] place = {1};
        Timed<YText> timed = Timed.of(request.number("atLeastMs"), () -> {
            for (int edit = 0; edit < edits; edit++) {
                place[0] = place[0] * 48_271 % Integer.MAX_VALUE;
                int index = (int) (place[0] % (text.length() - 1));
                if (edit % 2 == 0) {
                    text.insert(index, "b");
                } else {
                    text.delete(index, 1);
                }
            }
            return text;
        });
        return Map.of("us", 1_000 * timed.ms / edits);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Doc open(byte[] state) {
        Doc doc = new Doc();
        doc.applyUpdate(state, null, BUDGET);
        return doc;
    }

    /** The mean of as many executions as a time takes, one at least. */
    private record Timed<T>(double ms, T result) {
        static <T> Timed<T> of(int atLeastMs, Callable<T> work) throws Exception {
            long begin = System.nanoTime();
            for (int times = 1; ; times++) {
                T result = work.call();
                long nanos = System.nanoTime() - begin;
                if (nanos >= atLeastMs * 1_000_000L) {
                    return new Timed<>(nanos / 1e6 / times, result);
                }
            }
        }
    }

    private record Edit(int position, int deleted, String inserted) {
        static Edit of(Object json) {
            List<?> parts = (List<?>) json;
            return new Edit((Integer) parts.get(0), (Integer) parts.get(1), (String) parts.get(2));
        }

        void make(YText text) {
            if (deleted > 0) {
                text.delete(position, deleted);
            }
            if (!inserted.isEmpty()) {
                text.insert(position, inserted);
            }
        }
    }

    private byte[] bytes(String file) throws Exception {
        return (byte[]) once(file, () -> Files.readAllBytes(Path.of(file)));
    }

    @SuppressWarnings("unchecked") // the name of a file says what is in it
    private List<byte[]> updates(String file) throws Exception {
        return (List<byte[]>) once(file, () -> Workload.read(Path.of(file)));
    }

    @SuppressWarnings("unchecked") // the name of a file says what is in it
    private List<List<Edit>> edits(String file) throws Exception {
        return (List<List<Edit>>) once(file, () -> readEdits(Path.of(file)));
    }

    private static List<List<Edit>> readEdits(Path file) throws IOException {
        List<?> transactions = (List<?>) Json.parse(Files.readString(file));
        return transactions.stream()
                .map(one -> ((List<?>) one).stream().map(Edit::of).toList())
                .toList();
    }

    private Object once(String file, Callable<?> reading) throws Exception {
        Object known = files.get(file);
        if (known == null) {
            known = reading.call();
            files.put(file, known);
        }
        return known;
    }
}
