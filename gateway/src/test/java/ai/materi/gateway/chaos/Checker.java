package ai.materi.gateway.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds what is left of a document against what its editors were told: every acknowledged mark once, no mark twice, none
 * back that was erased for good; the log gapless; what the nodes and the editors have equal to what the log has.
 */
final class Checker {
    /**
     * What came of it.
     *
     * @param lost marks that had to be there
     * @param doubled marks that are there more often than once
     * @param returned marks that were erased for good
     * @param others in words: gaps, and who has something else than the log
     */
    record Verdict(List<String> lost, List<String> doubled, List<String> returned, List<String> others) {
        /** Each in a line; empty when all is well. */
        List<String> violations() {
            List<String> all = new ArrayList<>(others);
            tell(all, "lost", lost);
            tell(all, "doubled", doubled);
            tell(all, "came back", returned);
            return all;
        }

        private static void tell(List<String> all, String what, List<String> marks) {
            if (!marks.isEmpty()) {
                all.add(marks.size() + " " + what + ", e.g. "
                        + String.join(" ", marks.subList(0, Math.min(5, marks.size()))));
            }
        }
    }

    private static final Pattern MARK = Pattern.compile("<[a-z0-9]+-[0-9]+>");

    private Checker() {}

    static Verdict check(List<Expectation> expectations, StoredLog log, List<View> views) {
        Map<String, Integer> found = count(log.view().text());
        List<String> lost = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        List<String> returned = new ArrayList<>();
        for (Expectation expected : expectations) {
            int times = found.getOrDefault(expected.mark(), 0);
            if (times < expected.least()) {
                lost.add(expected.mark());
            } else if (times > 1) {
                doubled.add(expected.mark());
            } else if (times > expected.most()) {
                returned.add(expected.mark());
            }
        }
        List<String> others = new ArrayList<>(log.gaps());
        views.stream()
                .filter(view -> !view.agrees(log.view()))
                .forEach(view -> others.add(difference(view, log.view())));
        return new Verdict(lost, doubled, returned, others);
    }

    private static String difference(View view, View log) {
        return view.whose() + " has something else than the log: "
                + (view.text().equals(log.text())
                        ? "the same text of another history"
                        : count(view.text()).size() + " marks, not "
                                + count(log.text()).size());
    }

    private static Map<String, Integer> count(String text) {
        Map<String, Integer> found = new HashMap<>();
        Matcher marks = MARK.matcher(text);
        while (marks.find()) {
            found.merge(marks.group(), 1, Integer::sum);
        }
        return found;
    }
}
