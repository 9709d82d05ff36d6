package ai.materi.gateway.http;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.Optional;
import java.util.UUID;

/** UUIDs: strict reading, and fresh ones of version 7 (RFC 9562, 5.7), which sort by the time they were made. */
public final class Ids {
    private static final TimeBasedEpochGenerator FRESH = Generators.timeBasedEpochGenerator();
    private static final int LENGTH = 36;

    private Ids() {}

    public static UUID fresh() {
        return FRESH.generate();
    }

    /** Only the canonical form: {@link UUID#fromString} also takes {@code 1-1-1-1-1}. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : !isHex(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(UUID.fromString(text));
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
