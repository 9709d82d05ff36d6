package ai.materi.gateway;

import ai.materi.ai.AriaVerticle;
import ai.materi.auth.AuthVerticle;
import ai.materi.collab.RelayVerticle;
import ai.materi.platform.config.Config;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.node.Boot;
import ai.materi.platform.node.BootException;
import ai.materi.platform.node.Node;
import ai.materi.platform.telemetry.Logs;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * The process of a node: the only class that knows every role. It takes no arguments; {@code ./materi serve} turns its
 * options into the variables that {@code conf/materi.yaml} names.
 */
public final class Main {
    private static final int MISUSE = 2;
    private static final int FAILED = 1;

    /** Roles in the order in which they start: the row policies of the others ask Shield's schema. */
    private static final Map<String, Function<Node, Deployable>> ROLES = new LinkedHashMap<>();

    static {
        ROLES.put("auth", AuthVerticle::new);
        ROLES.put("collab", RelayVerticle::new);
        ROLES.put("ai", AriaVerticle::new);
        ROLES.put("gateway", GatewayVerticle::new);
    }

    private Main() {}

    /** Ends with status 2 when something has to be changed first, with 1 when the start failed. */
    public static void main(String[] arguments) {
        if (arguments.length > 0) {
            say("the server takes no arguments; use ./materi serve --help");
            System.exit(MISUSE);
        }
        try {
            run(System.getenv());
        } catch (ConfigException | BootException e) {
            say(String.valueOf(e.getMessage()));
            System.exit(MISUSE);
        } catch (IOException | ExecutionException | InterruptedException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            say(cause instanceof ConfigException ? String.valueOf(cause.getMessage()) : "the start failed: " + cause);
            System.exit(cause instanceof ConfigException ? MISUSE : FAILED);
        }
    }

    private static void run(Map<String, String> environment)
            throws IOException, ExecutionException, InterruptedException {
        Optional<Path> pidFile =
                Optional.ofNullable(environment.get("MATERI_PID_FILE")).map(Path::of);
        Settings settings = Config.load(new Config.Sources(
                Path.of(environment.getOrDefault("MATERI_HOME", "."), "conf"),
                environment.getOrDefault("MATERI_PROFILE", "development"),
                Path.of(environment.getOrDefault("MATERI_DATA", "data")),
                Optional.ofNullable(environment.get("MATERI_CONFIG"))
                        .map(Path::of)
                        .orElse(null),
                environment,
                Map.of()));
        List<String> roles = roles(settings);
        if (roles.contains("auth")) {
            AuthVerticle.refuseBadKey(settings);
        }
        pidFile.ifPresent(Main::refuseUnwritable);
        Logs.configure(settings.section("log"));
        Boot boot = Boot.start(settings);
        boot.closeWithTheProcess(() -> {
            pidFile.ifPresent(Main::forget);
            Logs.close();
        });
        await(deploy(boot, roles).compose(deployed -> boot.open()));
        if (pidFile.isPresent()) {
            Files.writeString(pidFile.get(), ProcessHandle.current().pid() + "\n");
        }
        if (settings.profile().equals("development")) {
            Banner.print(boot, settings);
        }
    }

    /** Asked before anything starts; the id itself is written when the node is ready. */
    private static void refuseUnwritable(Path pidFile) {
        Path folder = pidFile.toAbsolutePath().getParent();
        boolean writable = Files.exists(pidFile)
                ? Files.isRegularFile(pidFile) && Files.isWritable(pidFile)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw new ConfigException("--pid-file " + pidFile + ": no file can be written there");
        }
    }

    private static List<String> roles(Settings settings) {
        List<String> roles = settings.strings("roles");
        for (String role : roles) {
            if (!ROLES.containsKey(role)) {
                throw new ConfigException("roles: there is no role '" + role + "'; there are " + ROLES.keySet());
            }
        }
        return roles;
    }

    /** Shield first, the others beside each other. */
    private static Future<Void> deploy(Boot boot, List<String> roles) {
        return start(boot, roles, "auth").compose(shield -> {
            List<Future<Void>> others = new ArrayList<>();
            ROLES.keySet().stream()
                    .filter(role -> !role.equals("auth"))
                    .forEach(role -> others.add(start(boot, roles, role)));
            return Future.all(others).mapEmpty();
        });
    }

    private static Future<Void> start(Boot boot, List<String> roles, String role) {
        Function<Node, Deployable> verticle = ROLES.get(role);
        if (!roles.contains(role) || verticle == null) {
            return Future.succeededFuture();
        }
        return boot.report()
                .measure(role, () -> boot.node().vertx().deployVerticle(verticle.apply(boot.node())))
                .mapEmpty();
    }

    private static void await(Future<Void> future) throws ExecutionException, InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        future.onComplete(outcome -> settled.countDown());
        settled.await();
        if (future.failed()) {
            throw new ExecutionException(future.cause());
        }
    }

    private static void forget(Path pidFile) {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            say("cannot remove " + pidFile + ": " + e.getMessage());
        }
    }

    private static void say(String message) {
        message.lines().forEach(line -> System.err.println("materi: " + line));
    }
}
