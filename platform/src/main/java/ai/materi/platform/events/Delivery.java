package ai.materi.platform.events;

import java.util.List;

/** An entry as it was delivered: a fact, or something that nobody can read. */
sealed interface Delivery {
    StreamEntry entry();

    record Legible(StreamEntry entry, Fact fact) implements Delivery {}

    record Illegible(StreamEntry entry, String cause) implements Delivery {}

    static Delivery of(StreamEntry entry) {
        if (entry.payload() == null) {
            return new Illegible(entry, "the entry has no payload");
        }
        try {
            return new Legible(entry, Fact.parse(entry.topic(), entry.payload()));
        } catch (IllegalArgumentException e) {
            return new Illegible(entry, String.valueOf(e.getMessage()));
        }
    }

    static List<Legible> legible(List<Delivery> deliveries) {
        return deliveries.stream()
                .filter(Legible.class::isInstance)
                .map(Legible.class::cast)
                .toList();
    }
}
