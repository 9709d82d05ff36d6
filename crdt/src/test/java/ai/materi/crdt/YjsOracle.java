package ai.materi.crdt;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** yjs, and ywasm beside it, in one long-lived Node process: a JSON line asks, a JSON line answers. */
final class YjsOracle implements Oracle, AutoCloseable {
    private static final Path FOLDER =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolveSibling("interop/crdt");

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;

    private YjsOracle(Process process) {
        this.process = process;
        this.to = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static YjsOracle start() throws IOException, InterruptedException {
        Path folder = folder();
        requireOnPath("node");
        // Tests run in two processes: one installs, the other waits.
        Path guard = Path.of("target", "npm-ci.lock");
        try (FileChannel file = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock held = file.lock();
            if (!Files.isDirectory(folder.resolve("node_modules/ywasm"))) {
                install(folder);
            }
            held.release();
        }
        return new YjsOracle(new ProcessBuilder("node", "oracle.mjs")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private static void install(Path folder) throws IOException, InterruptedException {
        requireOnPath("npm");
        Path log = Path.of("target", "npm-ci.log").toAbsolutePath();
        // Neither end of this JVM's own streams: by those, it is told which tests to run.
        Process install = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        install.getOutputStream().close();
        if (!install.waitFor(120, TimeUnit.SECONDS) || install.exitValue() != 0) {
            install.destroyForcibly();
            throw new IllegalStateException("npm ci failed in " + folder + "; " + log + " says why");
        }
    }

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        for (Path p : List.of(FOLDER, here.resolve("../interop/crdt"), here.resolve("interop/crdt"))) {
            if (Files.exists(p.resolve("oracle.mjs"))) {
                return p.normalize();
            }
        }
        throw new IllegalStateException("interop/crdt not found from " + here);
    }

    private static void requireOnPath(String program) {
        for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(dir, program))) {
                return;
            }
        }
        throw new IllegalStateException(
                program + " is not on the PATH; install it with: apt-get install -y nodejs npm   (Node 20 or later)");
    }

    /** The answer to one request; throws when it failed. */
    Map<String, Object> ask(Object... request) {
        String asked = Json.stringify(List.of(request));
        Map<String, Object> answer = answers(List.of(asked)).get(0);
        if (answer.containsKey("error")) {
            throw new IllegalStateException("the oracle failed: " + answer.get("error") + "\nasked: " + asked);
        }
        return answer;
    }

    @Override
    @SuppressWarnings("unchecked") // a line of answers is an array of objects
    public List<Map<String, Object>> answers(List<String> requests) {
        try {
            to.write("[" + String.join(",", requests) + "]\n");
            to.flush();
            String line = from.readLine();
            List<Map<String, Object>> answers = line == null ? null : (List<Map<String, Object>>) Json.parse(line);
            if (answers == null) {
                throw new IllegalStateException("the oracle is gone");
            }
            return answers;
        } catch (IOException e) {
            throw new IllegalStateException("the oracle is gone", e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] bytes(Object base64) {
        return Base64.getDecoder().decode((String) base64);
    }

    @Override
    public void close() throws IOException {
        to.close();
        process.destroy();
    }
}
