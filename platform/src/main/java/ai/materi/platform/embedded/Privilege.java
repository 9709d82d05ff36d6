package ai.materi.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** PostgreSQL refuses to run as root: the ways to run it, by who runs this process. */
enum Privilege {
    /** Not root: nothing to do. */
    DIRECT(""),
    /** Root, in a user namespace where it is nobody in particular but still owns its files. */
    NAMESPACE("unshare -U --"),
    /** Root where user namespaces are forbidden: as nobody, who must own the folder. */
    NOBODY("setpriv --reuid 65534 --regid 65534 --clear-groups --");

    private static final int TRIAL_SECONDS = 5;

    private final String prefix;

    Privilege(String prefix) {
        this.prefix = prefix;
    }

    List<String> prefix() {
        return prefix.isEmpty() ? List.of() : List.of(prefix.split(" ", -1));
    }

    static Privilege find() throws IOException, InterruptedException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return DIRECT;
        }
        Process trial = new ProcessBuilder("unshare", "-U", "--", "true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && trial.exitValue() == 0 ? NAMESPACE : NOBODY;
    }
}
