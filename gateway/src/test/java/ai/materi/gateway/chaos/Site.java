package ai.materi.gateway.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A document and those who write it.
 *
 * @param id of the document
 */
record Site(UUID id, List<Editor> editors) {
    List<Expectation> expectations() {
        List<Expectation> all = new ArrayList<>();
        editors.forEach(editor -> all.addAll(editor.ledger().expectations()));
        return all;
    }

    int sent() {
        return editors.stream().mapToInt(editor -> editor.ledger().sent()).sum();
    }

    int acknowledged() {
        return editors.stream()
                .mapToInt(editor -> editor.ledger().acknowledged())
                .sum();
    }
}
