package ai.materi.collab.content;

/** The three classes of characters by which CommonMark (0.31, 6.2) decides what a delimiter run can do. */
final class Flanking {
    private Flanking() {}

    static boolean isSpace(int codePoint) {
        return codePoint == ' '
                || codePoint == '\t'
                || codePoint == '\n'
                || codePoint == '\r'
                || codePoint == '\f'
                || (codePoint > 0x7F && Character.getType(codePoint) == Character.SPACE_SEPARATOR);
    }

    static boolean isPunctuation(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> true;
            default -> false;
        };
    }

    static boolean isWord(int codePoint) {
        return !isSpace(codePoint) && !isPunctuation(codePoint);
    }
}
