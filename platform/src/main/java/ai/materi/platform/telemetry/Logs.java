package ai.materi.platform.telemetry;

import ai.materi.platform.config.Settings;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The log: JSON, one line an event, or readable text; to standard error, written by a thread of its own, so that a reader
 * that stalls never stalls an event loop. Every line carries the ids of the request and the trace that it belongs to.
 */
public final class Logs {
    private static final String READABLE = "%d{HH:mm:ss.SSS} %-5level %-20logger{0} %msg%replace( [%X{"
            + CallAppender.REQUEST + "}]){' \\[\\]', ''}%n%ex";

    /** They have much to say that only their authors need. */
    private static final List<String> TALKATIVE =
            List.of("com.hazelcast", "io.netty", "org.flywaydb", "io.opentelemetry");

    /**
     * Says as an error what a peer breaks on a connection before anybody could take that connection in hand, e.g. a first
     * SETTINGS frame that is none. Calls that such a connection carried fail by themselves, and are told of there.
     */
    private static final String FAULTS_OF_PEERS = "io.vertx.core.net.impl.ConnectionBase";

    private Logs() {}

    /** From the section {@code log}; once, before Vert.x is made. */
    public static void configure(Settings log) {
        String format = log.choice("format", "text", "json");
        String level = log.choice("level", "error", "warn", "info", "debug", "trace");
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        install(context, Level.toLevel(level), format.equals("json"));
    }

    /** Writes what is waiting and stops. */
    public static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    static void install(LoggerContext context, Level level, boolean json) {
        sendLibrariesHere();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(json ? jsonLines(context) : readable(context));
        console.start();
        CallAppender appender = new CallAppender();
        appender.setContext(context);
        appender.addAppender(console);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        if (level.isGreaterOrEqual(Level.INFO)) {
            context.getLogger(FAULTS_OF_PEERS).setLevel(Level.OFF);
        }
    }

    private static void sendLibrariesHere() {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        System.setProperty("hazelcast.logging.type", "slf4j");
    }

    private static Encoder<ILoggingEvent> readable(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(READABLE);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> jsonLines(LoggerContext context) {
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
