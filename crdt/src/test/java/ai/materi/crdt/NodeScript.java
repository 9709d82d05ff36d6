package ai.materi.crdt;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A script of {@code interop/crdt} in one long-lived Node process: a JSON line asks, a JSON line answers. */
final class NodeScript implements AutoCloseable {
    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;

    private NodeScript(Process process) {
        this.process = process;
        this.to = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static NodeScript start(String script) throws IOException, InterruptedException {
        // It sees to it that yjs is installed.
        YjsOracle.start().close();
        Path module =
                Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
        return new NodeScript(new ProcessBuilder("node", script)
                .directory(module.resolveSibling("interop/crdt").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    @SuppressWarnings("unchecked") // an answer is an object
    Map<String, @Nullable Object> ask(@Nullable Object... request) {
        String asked = Json.stringify(Arrays.asList(request));
        try {
            to.write(asked);
            to.write('\n');
            to.flush();
            String line = from.readLine();
            if (line == null) {
                throw new IllegalStateException("the script is gone");
            }
            Map<String, @Nullable Object> answer = (Map<String, @Nullable Object>) Json.parse(line);
            if (answer == null || answer.containsKey("error")) {
                throw new IllegalStateException("the script failed: " + line + "\nasked: " + asked);
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException("the script is gone", e);
        }
    }

    static List<@Nullable Object> list(@Nullable Object... parts) {
        return Arrays.asList(parts);
    }

    @Override
    public void close() throws IOException {
        to.close();
        process.destroy();
    }
}
