package ai.materi.platform.config;

import io.netty.channel.unix.Errors;
import java.net.BindException;
import java.util.Locale;

/** What to say when something else listens already where this node is to. */
public final class TakenPort {
    /** As Linux numbers it, the only system for which native sockets are shipped. */
    private static final int EADDRINUSE = 98;

    private TakenPort() {}

    /**
     * Names the port and the setting that moves it; any other failure to listen is left as it is.
     *
     * @param section whose key {@code port} it is, e.g. {@code http}
     */
    public static Throwable explain(Throwable failure, String section, String host, int port) {
        return isTaken(failure) ? refusal(section, host, port) : failure;
    }

    public static ConfigException refusal(String section, String host, int port) {
        return new ConfigException("Port " + port + " on " + host + " is taken: stop what listens there, or use --"
                + section + "-port or MATERI_" + section.toUpperCase(Locale.ROOT) + "_PORT");
    }

    /** The JDK's sockets and Netty's native ones tell it by exceptions of their own. */
    private static boolean isTaken(Throwable failure) {
        return failure instanceof BindException
                || (failure instanceof Errors.NativeIoException fault && fault.expectedErr() == -EADDRINUSE);
    }
}
