package ai.materi.crdt.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.tool.Replay;
import ai.materi.crdt.tool.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SeededTraceTest {
    @Test
    void isTheSameWhereverItIsMade() {
        Trace trace = SeededTrace.of(SeededTrace.SEED, SeededTrace.EDITS);

        assertThat(Workload.digest(trace.endContent().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("8bd63e3e1c83be2617405369f3d2f3a0786056c407ec5a65729f997342a21e03");
    }

    @Test
    void hasTheMeasuresOfTheTraceThatItStandsFor() {
        Trace trace = SeededTrace.of(SeededTrace.SEED, SeededTrace.EDITS);

        assertThat(trace.transactions()).hasSize(SeededTrace.EDITS);
        assertThat(deletions(trace) / (double) SeededTrace.EDITS).isBetween(0.25, 0.35);
    }

    private static long deletions(Trace trace) {
        return trace.transactions().stream()
                .mapToLong(one -> one.patches().get(0).deleted())
                .sum();
    }

    @Test
    void leadsWhereItSaysThatItLeads() {
        Trace trace = SeededTrace.of(7, 3_000);

        assertThat(Replay.write(trace, new ArrayList<>())).isEqualTo(trace.endContent());
    }
}
