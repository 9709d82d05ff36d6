package ai.materi.gateway.document;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A place in the list of documents: the one that a page ended with. As a cursor it is 33 bytes in base64url: version, time in
 * microseconds, id, the filters that it was made for, and a checksum. The checksum finds accidents; a forged cursor shows
 * nothing that its user may not see, because the row policies hold for it as for any other.
 */
record Position(OffsetDateTime createdAt, UUID id) {
    private static final byte VERSION = 1;
    private static final int LENGTH = 33;
    private static final int CHECKED = 29;

    /** Before the newest document there is nothing. */
    static final Position START =
            new Position(LocalDateTime.of(9999, 12, 31, 0, 0).atOffset(ZoneOffset.UTC), new UUID(-1L, -1L));

    String cursor(int filters) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, createdAt.toInstant());
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .put(VERSION)
                .putLong(micros)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(filters);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(bytes.putInt(checksum(bytes.array())).array());
    }

    /** Empty when it is not a cursor that was made for these filters. */
    static Optional<Position> parse(String cursor, int filters) {
        byte[] array;
        try {
            array = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (array.length != LENGTH || array[0] != VERSION) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(array, 1, LENGTH - 1);
        long micros = bytes.getLong();
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        if (bytes.getInt() != filters || bytes.getInt() != checksum(array)) {
            return Optional.empty();
        }
        Instant time =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
        return time.isBefore(START.createdAt().toInstant()) && time.isAfter(Instant.EPOCH)
                ? Optional.of(new Position(time.atOffset(ZoneOffset.UTC), id))
                : Optional.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CHECKED);
        return (int) crc.getValue();
    }
}
