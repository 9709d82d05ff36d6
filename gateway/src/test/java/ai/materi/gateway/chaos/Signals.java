package ai.materi.gateway.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes that the bench has started. */
final class Signals {
    private Signals() {}

    /** To a process and to all that descend from it, itself first: a server forks nothing while it is stopped. */
    static void sendToAll(String signal, ProcessHandle process) throws IOException, InterruptedException {
        send(signal, Stream.of(process));
        send(signal, process.descendants());
    }

    static void send(String signal, ProcessHandle process) throws IOException, InterruptedException {
        send(signal, Stream.of(process));
    }

    private static void send(String signal, Stream<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.map(process -> Long.toString(process.pid())).forEach(command::add);
        if (command.size() > 2) {
            // One that has ended meanwhile makes kill(1) complain; the others got the signal.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
