package ai.materi.gateway.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Editors to whom nothing may happen from when this was made. */
final class Unharmed {
    private static final Duration PROGRESS = Duration.ofSeconds(15);

    private final Trial trial;
    private final List<Editor> editors;
    private final Map<Editor, Integer> closes = new HashMap<>();

    Unharmed(Trial trial, List<Editor> editors) {
        this.trial = trial;
        this.editors = editors;
        editors.forEach(editor -> closes.put(editor, editor.closes()));
    }

    /** What each of them writes from now on is acknowledged while the fault is still there. */
    void writeOn() {
        Map<Editor, Integer> before = new HashMap<>();
        editors.forEach(editor -> before.put(editor, editor.ledger().sent()));
        boolean all = Patience.sees(
                PROGRESS,
                () -> editors.stream().allMatch(editor -> editor.ledger().acknowledged() > before.get(editor)));
        if (!all) {
            editors.stream()
                    .filter(editor -> editor.ledger().acknowledged() <= before.get(editor))
                    .forEach(editor ->
                            trial.violated("nothing was acknowledged in " + PROGRESS.toSeconds() + " s to " + editor));
        }
    }

    /** None of them was sent away. */
    void stayed() {
        editors.stream()
                .filter(editor -> editor.closes() > closes.get(editor))
                .forEach(editor -> trial.violated("was sent away: " + editor));
    }
}
