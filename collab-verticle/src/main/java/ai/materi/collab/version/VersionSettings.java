package ai.materi.collab.version;

import ai.materi.platform.config.Settings;

/**
 * Section {@code collab.versions}.
 *
 * @param most versions that one document keeps
 * @param mostBytes of them together, packed
 */
public record VersionSettings(int most, int mostBytes) {

    public static VersionSettings of(Settings versions) {
        return new VersionSettings(versions.integer("most", 1, 100_000), versions.bytes("most_bytes"));
    }
}
