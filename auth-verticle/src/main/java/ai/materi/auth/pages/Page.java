package ai.materi.auth.pages;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * A page of a list.
 *
 * @param next the cursor of the next page; empty when this was the last
 */
public record Page<T>(List<T> items, String next) {
    /** Cuts a page from rows of which one more than the limit was asked for: it is there when another page is. */
    public static <T> Page<T> of(PageRequest request, List<T> rows, Function<T, UUID> key) {
        if (rows.size() <= request.limit()) {
            return new Page<>(List.copyOf(rows), "");
        }
        List<T> items = List.copyOf(rows.subList(0, request.limit()));
        return new Page<>(items, PageRequest.cursor(key.apply(items.get(items.size() - 1))));
    }
}
