package ai.materi.gateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.Doc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds that the fault bench can fail: a planted loss, doubling, return, gap and divergence is each found, and named. */
class CheckerTest {
    private final Ledger ada = new Ledger("ada");
    private final Doc doc = new Doc();

    @Test
    void findsNothingWhereAllIsWell() {
        write(ada, 3);
        erase(ada, "<ada-1>");
        ada.acknowledge(4);

        assertThat(check(log(0, 1, 2, 3, 4)).violations()).isEmpty();
    }

    @Test
    void findsAnAcknowledgedMarkThatIsNotThere() {
        write(ada, 3);
        ada.acknowledge(2);
        cut("<ada-1>");

        assertThat(check(log(0, 1, 2, 3)).lost()).containsExactly("<ada-1>");
    }

    @Test
    void bearsThatAnUnacknowledgedMarkIsNotThere() {
        write(ada, 3);
        ada.acknowledge(2);
        cut("<ada-2>");

        assertThat(check(log(0, 1, 2, 3)).violations()).isEmpty();
    }

    @Test
    void findsAMarkThatIsThereTwiceThoughNobodyAcknowledgedIt() {
        write(ada, 2);
        doc.text(View.TEXT).insert(0, "<ada-1>");

        assertThat(check(log(0, 1, 2)).doubled()).containsExactly("<ada-1>");
    }

    @Test
    void findsAMarkThatCameBack() {
        write(ada, 2);
        ada.erased("<ada-0>");
        ada.acknowledge(3);

        assertThat(check(log(0, 1, 2, 3)).returned()).containsExactly("<ada-0>");
    }

    @Test
    void findsAGapInTheLog() {
        assertThat(check(log(4, 5, 7)).others()).containsExactly("the log has 7 where 6 belongs");
    }

    @Test
    void findsAHeadThatTheLogDoesNotReach() {
        StoredLog log = new StoredLog(0, 3, List.of(1L, 2L), View.of("the log", doc));

        assertThat(check(log).others()).containsExactly("the log ends at 2, its head is 3");
    }

    @Test
    void findsAReplicaThatHasSomethingElse() {
        write(ada, 2);
        View behind = View.of("node 2", doc);
        write(ada, 1);

        assertThat(Checker.check(ada.expectations(), log(0, 1, 2, 3), List.of(behind))
                        .others())
                .containsExactly("node 2 has something else than the log: 2 marks, not 3");
    }

    @Test
    void findsAReplicaWithTheSameTextOfAnotherHistory() {
        write(ada, 1);
        Doc other = new Doc();
        other.text(View.TEXT).insert(0, "<ada-0>");

        assertThat(Checker.check(ada.expectations(), log(0, 1), List.of(View.of("bob", other)))
                        .others())
                .containsExactly("bob has something else than the log: the same text of another history");
    }

    private Checker.Verdict check(StoredLog log) {
        return Checker.check(ada.expectations(), log, List.of(View.of("node 1", doc)));
    }

    private void write(Ledger ledger, int count) {
        for (int i = 0; i < count; i++) {
            String mark = ledger.nextMark();
            doc.text(View.TEXT).insert(0, mark);
            ledger.wrote(mark);
        }
    }

    private void erase(Ledger ledger, String mark) {
        cut(mark);
        ledger.erased(mark);
    }

    private void cut(String mark) {
        doc.text(View.TEXT).delete(doc.text(View.TEXT).toString().indexOf(mark), mark.length());
    }

    private StoredLog log(long snapshotSeq, long... seqs) {
        List<Long> rows = new ArrayList<>();
        for (long seq : seqs) {
            rows.add(seq);
        }
        return new StoredLog(snapshotSeq, seqs[seqs.length - 1], rows, View.of("the log", doc));
    }
}
