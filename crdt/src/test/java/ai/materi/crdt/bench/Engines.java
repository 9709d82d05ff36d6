package ai.materi.crdt.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Those that are compared. */
record Engines(Engine materi, Engine yjs, Engine ywasm) implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 2_000;

    static Engines start(Path home) throws IOException {
        return new Engines(Engine.materi(HEAP_MEGABYTES), Engine.peer(home, "yjs"), Engine.peer(home, "ywasm"));
    }

    List<Engine> all() {
        return List.of(materi, yjs, ywasm);
    }

    List<Engine> withoutYwasm() {
        return List.of(materi, yjs);
    }

    @Override
    public void close() {
        all().forEach(Engine::close);
    }
}
