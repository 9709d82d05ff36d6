package ai.materi.collab.frame;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Updates;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a message would have told a reader who is not sent it, as far as it takes to make up for it later. */
public sealed interface Withheld {
    /**
     * A change of the document.
     *
     * @param from the first clock of each client that it brings; what it deletes is in every difference of states
     * @param answer whether it is what the reader asked for
     */
    record Edit(Map<Long, Long> from, boolean answer) implements Withheld {}

    /** A question about what the reader has. */
    record Question() implements Withheld {}

    /**
     * Who is there.
     *
     * @param departed the clients that have left, with their clocks
     */
    record Presence(Map<Long, Long> departed) implements Withheld {}

    /** What is of the moment, and lost. */
    record Words() implements Withheld {}

    static Withheld of(Buffer message) {
        FrameReader reader = new FrameReader(message);
        return switch (reader.type()) {
            case Messages.SYNC -> sync(reader.type(), reader);
            case Messages.AWARENESS -> new Presence(departed(reader.slice()));
            default -> new Words();
        };
    }

    private static Withheld sync(int step, FrameReader reader) {
        return step == Messages.SYNC_STEP_1
                ? new Question()
                : new Edit(from(reader.bytes()), step == Messages.SYNC_STEP_2);
    }

    private static Map<Long, Long> from(byte[] update) {
        Map<Long, Long> from = new HashMap<>();
        Updates.meta(update, Integer.MAX_VALUE).inserted().forEach((client, ranges) -> from.put(client, first(ranges)));
        return Map.copyOf(from);
    }

    private static long first(List<DeleteSet.Range> ranges) {
        return ranges.stream().mapToLong(DeleteSet.Range::clock).min().orElse(0);
    }

    private static Map<Long, Long> departed(Buffer update) {
        byte[] gone = "null".getBytes(StandardCharsets.UTF_8);
        FrameReader reader = new FrameReader(update);
        Map<Long, Long> departed = new HashMap<>();
        long count = reader.varUint();
        for (long i = 0; i < count; i++) {
            long clientId = reader.varUint();
            long clock = reader.varUint();
            if (Arrays.equals(reader.bytes(), gone)) {
                departed.put(clientId, clock);
            }
        }
        return departed;
    }
}
