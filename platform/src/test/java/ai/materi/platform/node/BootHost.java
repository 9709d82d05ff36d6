package ai.materi.platform.node;

import ai.materi.platform.config.TestSettings;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, to be signalled: prints its port once it is open. */
final class BootHost {
    private BootHost() {}

    /** Takes the data folder, and the milliseconds that its last step takes */
    public static void main(String[] args) throws Exception {
        Boot boot = Boot.start(
                TestSettings.with(Path.of(args[0]), Map.of("http.port", "0", "grpc.port", "0", "operator.port", "0")));
        boot.closeWithTheProcess(() -> System.out.println("closed"));
        long millis = Long.parseLong(args[1]);
        boot.node()
                .drain()
                .register(
                        Drain.Phase.FLUSH,
                        "slow",
                        () -> millis == 0
                                ? Future.succeededFuture()
                                : boot.node()
                                        .vertx()
                                        .timer(millis, TimeUnit.MILLISECONDS)
                                        .mapEmpty());
        boot.open().toCompletionStage().toCompletableFuture().get();
        System.out.println(boot.node().http().port());
        System.err.println(boot.report());
        Thread.currentThread().join();
    }
}
