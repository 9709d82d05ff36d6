package ai.materi.platform.node;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TakenPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Asks for the ports before anything else is started: one that is taken would be found out only when all else is up. */
final class Ports {
    private static final List<String> SECTIONS = List.of("http", "grpc", "operator");

    private Ports() {}

    /** Throws {@link ConfigException} naming the first port that is taken; what else may be wrong shows when it opens. */
    static void refuseTaken(Settings settings) {
        for (String section : SECTIONS) {
            String host = settings.string(section + ".host");
            int port = settings.integer(section + ".port", 0, 65_535);
            if (port != 0 && taken(host, port)) {
                throw TakenPort.refusal(section, host, port);
            }
        }
    }

    private static boolean taken(String host, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort() != port;
        } catch (BindException e) {
            return !String.valueOf(e.getMessage()).contains("Cannot assign");
        } catch (IOException e) {
            return false;
        }
    }
}
