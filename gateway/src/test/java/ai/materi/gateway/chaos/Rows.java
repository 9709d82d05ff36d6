package ai.materi.gateway.chaos;

import java.util.List;
import java.util.stream.Stream;

/** Every row of the bench, in the order in which they run. */
final class Rows {
    static final List<Row> ALL = Stream.of(KillRows.all(), ServiceRows.all(), ClientRows.all(), ClusterRows.all())
            .flatMap(List::stream)
            .toList();

    private Rows() {}

    /** Throws {@link IllegalArgumentException} when there is none. */
    static Row named(String name) {
        return ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no row '" + name + "' (--list)"));
    }
}
