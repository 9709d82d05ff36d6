package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A workload in files from which every implementation reads the same bytes.
 *
 * @param ends the digests of what a document is that received all updates
 */
record Recorded(Workload workload, Path updates, Path state, int stateBytes, Map<String, String> ends) {
    /** In a file of that name for the updates and one for the state that they lead to. */
    static Recorded of(Workload workload, Path folder, String name) throws IOException {
        Path updates = folder.resolve(name + ".updates");
        workload.write(updates);
        Doc doc = new Doc();
        workload.updates().forEach(update -> doc.applyUpdate(update, null));
        byte[] bytes = doc.encodeState();
        Path state = Files.write(folder.resolve(name + ".state"), bytes);
        Map<String, String> ends =
                Map.of("content", Workload.contentDigest(doc, workload.kind()), "state", Workload.digest(bytes));
        return new Recorded(workload, updates, state, bytes.length, ends);
    }

    int count() {
        return workload.updates().size();
    }

    Map<String, Object> request(String task) {
        Map<String, Object> request = request(task, workload.kind(), state);
        request.put("updates", updates.toString());
        return request;
    }

    /** Of a state alone. */
    static Map<String, Object> request(String task, String kind, Path state) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("task", task);
        request.put("kind", kind);
        request.put("state", state.toString());
        return request;
    }
}
