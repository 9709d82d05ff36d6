package ai.materi.platform.access;

import ai.materi.platform.access.AccessFeed.Change;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message on the channels of the access feed: {@code <kind> <node> <fields>}, separated by blanks, absent ids as -. */
sealed interface News {
    String origin();

    /** A node makes sure that it hears itself. */
    record Beat(String origin) implements News {}

    record Revoked(String origin, UUID sessionId) implements News {}

    record Changed(String origin, Change change) implements News {}

    /** Of another version of Materi; passed over. */
    record Unknown(String origin) implements News {}

    static String beat(String origin) {
        return "beat " + origin;
    }

    static String revocation(String origin, UUID sessionId) {
        return "revoked " + origin + " " + sessionId;
    }

    static String change(String origin, Change change) {
        return "changed " + origin + " " + word(change.workspaceId()) + " " + word(change.documentId()) + " "
                + word(change.userId());
    }

    static News parse(String message) {
        String[] words = message.split(" ", 8);
        String origin = words.length > 1 ? words[1] : "";
        try {
            return switch (words[0] + "/" + words.length) {
                case "beat/2" -> new Beat(origin);
                case "revoked/3" -> new Revoked(origin, UUID.fromString(words[2]));
                case "changed/5" -> new Changed(origin, new Change(id(words[2]), id(words[3]), id(words[4])));
                default -> new Unknown(origin);
            };
        } catch (IllegalArgumentException e) {
            return new Unknown(origin);
        }
    }

    private static String word(@Nullable UUID id) {
        return id == null ? "-" : id.toString();
    }

    private static @Nullable UUID id(String word) {
        return word.equals("-") ? null : UUID.fromString(word);
    }
}
