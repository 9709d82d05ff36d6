package ai.materi.platform.config;

/** Where a value stands: a file and its line, or the name of a variable or flag with line 0. */
record Origin(String source, int line) {
    static Origin of(String source) {
        return new Origin(source, 0);
    }

    @Override
    public String toString() {
        return line > 0 ? source + ":" + line : source;
    }
}
