package ai.materi.platform.grpc;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What a node shows another beside its caller's token: that it is one of this installation. */
final class NodePass {
    private static final String KEY = "materi-node";

    private final String secret;

    NodePass(String secret) {
        this.secret = secret;
    }

    void show(MultiMap metadata) {
        metadata.set(KEY, secret);
    }

    boolean isShown(MultiMap metadata) {
        @Nullable String shown = metadata.get(KEY);
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }
}
