package ai.materi.gateway.chaos;

import java.util.List;

/**
 * What came of one trial of a row.
 *
 * @param unknown edits that were neither acknowledged nor are held by anybody who could bring them again
 * @param doubled marks that are there twice, or came back
 * @param healedSeconds from the end of the fault until everybody who is still there had everything, and all of it acknowledged
 * @param violations each in a line
 * @param delays what came later than the row allows, each in a line
 */
record Outcome(
        String row,
        long seed,
        int sent,
        int acknowledged,
        int unknown,
        int lost,
        int doubled,
        double healedSeconds,
        List<String> violations,
        List<String> delays) {
    static Outcome broken(Row row, long seed, String why) {
        return new Outcome(row.name(), seed, 0, 0, 0, 0, 0, 0, List.of(why), List.of());
    }

    boolean late() {
        return !delays.isEmpty();
    }

    String verdict() {
        return !violations.isEmpty() ? "VIOLATED" : late() ? "LATE" : "holds";
    }
}
