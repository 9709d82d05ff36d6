package ai.materi.platform.config;

import java.util.regex.Pattern;

/** What a value looks like. The default of a key decides which look its other values must have. */
enum Kind {
    ANY(".*", "text"),
    BOOLEAN("true|false", "true or false"),
    NUMBER("-?\\d{1,18}(\\.\\d{1,18})?", "a number"),
    DURATION("\\d{1,9}(ms|s|m|h|d)", "a duration such as 500ms, 10s, 5m, 24h or 30d"),
    SIZE("\\d{1,9}(B|kB|MB|GB|KiB|MiB|GiB)?", "a size such as 512, 64kB or 16MiB");

    private final Pattern look;
    private final String noun;

    Kind(String look, String noun) {
        this.look = Pattern.compile(look, Pattern.DOTALL);
        this.noun = noun;
    }

    String noun() {
        return noun;
    }

    boolean accepts(String text) {
        return look.matcher(text).matches();
    }

    /** The kind of a default written as plain text; a whole number without a unit is a number. */
    static Kind ofDefault(String text) {
        for (Kind kind : new Kind[] {BOOLEAN, NUMBER, DURATION, SIZE}) {
            if (kind.accepts(text)) {
                return kind;
            }
        }
        return ANY;
    }
}
