package ai.materi.crdt.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.tool.Trace;
import org.junit.jupiter.api.Test;

class HistoriesTest {
    @Test
    void writesTombstonesAsSomebodyWouldWhoTypedAndDeleted() {
        Doc doc = new Doc(1);
        YText text = doc.text(Workload.ROOT);
        for (int kept = 0; kept < 30; kept++) {
            text.insert(kept, "dddddddddda");
            text.delete(kept, 10);
        }

        assertThat(Histories.deleted(30, 10)).isEqualTo(doc.encodeState());
    }

    @Test
    void repeatsATraceInFrontOfWhatIsThere() {
        Trace trace = SeededTrace.of(7, 2_500);

        assertThat(Doc.of(Histories.repeated(trace, 3)).text(Workload.ROOT).toString())
                .isEqualTo(trace.endContent().repeat(3));
    }
}
