package ai.materi.gateway.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Drops what goes between ports of this machine, by nftables; needs root. Nodes are told apart by their processes' group. */
final class Packets {
    private static final long BENCH = ProcessHandle.current().pid();
    private static final String TABLE = "materi_chaos_" + BENCH;
    private static final Pattern COUNTED = Pattern.compile("counter packets [1-9]");

    private Packets() {}

    static String lacks() {
        try {
            return nft("list", "tables") ? "" : "nftables may not be used here; it needs root";
        } catch (IOException e) {
            return "nftables is not installed (Debian: apt-get install nftables)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    static void dropTo(int port) throws IOException, InterruptedException {
        open("input");
        rule("input", "tcp dport " + port + " counter drop");
    }

    /** Nothing goes between a node and these ports of others, whoever opened the connection. */
    static void isolate(ChaosNode node, List<Integer> others) throws IOException, InterruptedException {
        open("output");
        String own = "{ " + node.ports().cluster() + ", " + node.ports().bus() + " }";
        rule("output", from(node) + " tcp dport " + set(others) + " ct mark set " + BENCH);
        rule("output", "ct mark " + BENCH + " counter drop");
        rule("output", "tcp dport " + own + " counter drop");
        rule("output", "tcp sport " + own + " counter drop");
    }

    /** What Hazelcast says at this node does not arrive at these ports of others', nor on connections that they opened. */
    static void mute(ChaosNode node, List<Integer> others) throws IOException, InterruptedException {
        open("output");
        rule("output", from(node) + " tcp dport " + set(others) + " counter drop");
        rule("output", from(node) + " tcp sport " + node.ports().cluster() + " counter drop");
    }

    private static String from(ChaosNode node) {
        return "meta skgid " + node.group();
    }

    private static String set(List<Integer> ports) {
        return "{ " + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " }";
    }

    private static void open(String hook) throws IOException, InterruptedException {
        need("add", "table", "inet", TABLE);
        need("add", "chain", "inet", TABLE, hook, "{ type filter hook " + hook + " priority 0 ; }");
    }

    private static void rule(String chain, String words) throws IOException, InterruptedException {
        need("add", "rule", "inet", TABLE, chain, words);
    }

    /** Whether anything was dropped since. */
    static boolean dropped() throws IOException, InterruptedException {
        Process list = process("list", "table", "inet", TABLE).start();
        String rules = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        list.waitFor();
        return COUNTED.matcher(rules).find();
    }

    static void passAgain() throws IOException, InterruptedException {
        nft("delete", "table", "inet", TABLE);
    }

    private static void need(String... words) throws IOException, InterruptedException {
        if (!nft(words)) {
            throw new IOException("nft refused: " + String.join(" ", words));
        }
    }

    private static boolean nft(String... words) throws IOException, InterruptedException {
        return process(words)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static ProcessBuilder process(String... words) {
        List<String> command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
