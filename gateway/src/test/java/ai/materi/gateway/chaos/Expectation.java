package ai.materi.gateway.chaos;

/**
 * How often a mark may stand in a document: once when its writing is acknowledged and nobody erased it, never when its
 * erasure is acknowledged, else either.
 */
record Expectation(String mark, int least, int most) {}
