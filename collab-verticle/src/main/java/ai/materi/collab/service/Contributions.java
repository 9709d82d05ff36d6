package ai.materi.collab.service;

import ai.materi.collab.history.Author;
import ai.materi.proto.collab.v1.AuthorKind;
import ai.materi.proto.collab.v1.Authored;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is named in an answer, and how much each of them wrote of what it shows. */
final class Contributions {
    private static final String NOBODY = "";

    private final Map<String, Long> units = new HashMap<>();

    /** One without an author is nobody's. */
    void add(Authored by, int more) {
        units.merge(by.getAuthorId(), (long) more, Long::sum);
        if (!by.getViaId().isEmpty()) {
            units.merge(by.getViaId(), 0L, Long::sum);
        }
    }

    /** Somebody of whom no units are counted. */
    void name(UUID id) {
        units.merge(id.toString(), 0L, Long::sum);
    }

    Set<UUID> everybody() {
        return units.keySet().stream()
                .filter(id -> !id.equals(NOBODY))
                .map(UUID::fromString)
                .collect(Collectors.toSet());
    }

    /** Who wrote most comes first. */
    List<ai.materi.proto.collab.v1.Author> authors(Map<UUID, Author> names) {
        return units.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> message(entry.getKey(), entry.getValue(), names))
                .toList();
    }

    static ai.materi.proto.collab.v1.Author message(UUID id, Map<UUID, Author> names) {
        return message(id.toString(), 0, names);
    }

    private static ai.materi.proto.collab.v1.Author message(String id, long units, Map<UUID, Author> names) {
        Author author = id.equals(NOBODY) ? null : names.get(UUID.fromString(id));
        return ai.materi.proto.collab.v1.Author.newBuilder()
                .setId(id)
                .setName(author == null ? "" : author.name())
                .setKind(kind(author))
                .setUnits(units)
                .build();
    }

    private static AuthorKind kind(@Nullable Author author) {
        if (author == null) {
            return AuthorKind.AUTHOR_KIND_UNSPECIFIED;
        }
        return author.agent() ? AuthorKind.AUTHOR_KIND_AGENT : AuthorKind.AUTHOR_KIND_PERSON;
    }
}
