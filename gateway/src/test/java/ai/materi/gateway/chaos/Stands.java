package ai.materi.gateway.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The stand that nearly all rows share and the one with a small disk, each made when a row first needs it. */
final class Stands {
    private final Path home;
    private final Path data;
    private final List<Stand> opened = new ArrayList<>();
    private @Nullable Stand usual;
    private @Nullable SmallDisk disk;
    private @Nullable Stand cramped;

    /**
     * @param home where {@code ./materi} is
     * @param data an empty folder
     */
    Stands(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    Stand of(Row row) throws IOException {
        return row.smallDisk() ? cramped() : usual();
    }

    private Stand usual() throws IOException {
        Stand known = usual;
        if (known == null) {
            known = open(data.resolve("usual"), data.resolve("usual").resolve("services"));
            usual = known;
        }
        return known;
    }

    private Stand cramped() throws IOException {
        Stand known = cramped;
        if (known == null) {
            SmallDisk small = SmallDisk.at(data.resolve("cramped").resolve("services"));
            disk = small;
            known = open(data.resolve("cramped"), small.folder());
            cramped = known;
        }
        return known;
    }

    private Stand open(Path folder, Path services) throws IOException {
        Stand stand = new Stand(home, folder, services);
        opened.add(stand);
        Runtime.getRuntime().addShutdownHook(new Thread(stand::abandon, "end the nodes"));
        return stand;
    }

    /** Ends all of them, as far as there are any. */
    void end() throws IOException, TimeoutException {
        for (Stand stand : opened) {
            stand.close();
        }
        SmallDisk last = disk;
        if (last != null) {
            last.close();
        }
    }
}
