package ai.materi.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link BareServer} as a process of its own. It ends with this one, whichever way this one ends. */
final class BarePeer implements AutoCloseable {
    private final Process process;
    private final int port;

    private BarePeer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param javaOptions those of the node it is compared with */
    static BarePeer start(List<String> javaOptions, int eventLoops, String databaseUrl) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareServer.class.getName()));
        command.add(Integer.toString(eventLoops));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("BARE_DATABASE_URL", databaseUrl);
        Process process = builder.start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String port = output.readLine();
        if (port == null) {
            throw new IOException("the bare server did not start");
        }
        return new BarePeer(process, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
