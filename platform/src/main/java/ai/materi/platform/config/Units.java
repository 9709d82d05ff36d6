package ai.materi.platform.config;

import java.time.Duration;
import java.util.Map;

/** Durations and sizes as people write them. */
final class Units {
    private static final Map<String, Long> BYTES = Map.of(
            "", 1L,
            "B", 1L,
            "kB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30);

    private Units() {}

    /** @param text of the look {@link Kind#DURATION} */
    static Duration duration(String text) {
        int digits = digitsOf(text);
        long count = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** @param text of the look {@link Kind#SIZE} */
    static long bytes(String text) {
        int digits = digitsOf(text);
        return Math.multiplyExact(
                Long.parseLong(text.substring(0, digits)), BYTES.getOrDefault(text.substring(digits), 1L));
    }

    static String text(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0 && seconds > 0 ? seconds / 86_400 + "d" : seconds + "s";
    }

    private static int digitsOf(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        return digits;
    }
}
