package ai.materi.gateway.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Drops what goes to a port of this machine, by nftables; needs root. */
final class Packets {
    private static final String TABLE = "materi_chaos";

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
        need("add", "table", "inet", TABLE);
        need("add", "chain", "inet", TABLE, "input", "{", "type", "filter", "hook", "input", "priority", "0", ";", "}");
        need("add", "rule", "inet", TABLE, "input", "tcp", "dport", Integer.toString(port), "counter", "drop");
    }

    /** Whether anything was dropped since. */
    static boolean dropped() throws IOException, InterruptedException {
        Process list = process("list", "table", "inet", TABLE).start();
        String rules = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        list.waitFor();
        return rules.contains("counter packets ") && !rules.contains("counter packets 0 ");
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
