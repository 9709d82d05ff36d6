package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the structs of an update (format v1) and shows each in its fields, checked but not built: positions in the
 * received bytes stand for content. After the last struct, {@link #in} stands at the delete set.
 */
final class StructCursor {
    /** How many structs and deleted ranges one update may have unless said otherwise. */
    static final int DEFAULT_BUDGET = 1_000_000;

    static final int HAS_ORIGIN = 0x80;
    static final int HAS_RIGHT_ORIGIN = 0x40;
    static final int HAS_KEY = 0x20;
    static final int REF = 0x1F;
    static final long ABSENT = -1;
    /** What stands for the value among JSON. */
    static final String UNDEFINED = "undefined";

    private static final byte[] UNDEFINED_BYTES = UNDEFINED.getBytes(StandardCharsets.US_ASCII);
    /** Few structs take less than 2^3 bytes. */
    private static final int LIKELY_BYTES = 3;

    final ByteReader in;
    private final int budget;
    final boolean loose;
    private @Nullable AnyWalk values;
    private @Nullable CanonicalJson printed;
    /** Whether JSON, or what says whose child an item is, was otherwise than JavaScript writes it. */
    private boolean odd;

    private long sectionsLeft;
    private long structsLeft;
    private int nextClock;
    private int seen;

    /** Whether the last {@link #next()} began a client's section. */
    boolean isFirstOfSection;

    long client;
    int clock;
    int len;
    int info;
    /** Where the struct begins: its info byte. */
    int start;
    /** Where its content begins, behind a count or a length. */
    int contentAt;
    /** Where the struct ends. */
    int end;

    long originClient;
    int originClock;
    long rightClient;
    int rightClock;
    /** The name of the root that holds it, as a place in the bytes; length -1 when it is not given. */
    int nameAt;

    int nameLength;
    long parentClient;
    int parentClock;
    int keyAt;
    int keyLength;

    StructCursor(byte[] update, int budget) {
        this(update, budget, false);
    }

    /** @param loose whether half surrogate pairs may stand in text in their generalized form, as inside {@link FormatV2} */
    StructCursor(byte[] update, int budget, boolean loose) {
        this.in = new ByteReader(update);
        this.budget = budget;
        this.loose = loose;
        this.sectionsLeft = in.count(2);
    }

    StructCursor(byte[] update) {
        this(update, DEFAULT_BUDGET);
    }

    boolean next() {
        isFirstOfSection = false;
        while (structsLeft == 0) {
            if (sectionsLeft == 0) {
                return false;
            }
            sectionsLeft--;
            structsLeft = in.count(1);
            client = in.varUint();
            nextClock = in.varInt31();
            isFirstOfSection = true;
        }
        structsLeft--;
        spend();
        readStruct();
        return true;
    }

    private void spend() {
        if (++seen > budget) {
            throw MalformedUpdateException.overBudget(budget);
        }
    }

    /** How many structs the section has that just began. */
    long structsOfSection() {
        return structsLeft + 1;
    }

    /** Whether the structs so far have the very bytes that yjs would write; where not, {@link CanonicalUpdate} makes them so. */
    boolean isCanonical() {
        return !odd && !in.isOverlong && (values == null || values.isCanonical());
    }

    /** How many structs of the section are to come, if they are no smaller than most. */
    int likelyStructsLeft() {
        return (int) Math.min(structsLeft + 1, (in.end - start) >> LIKELY_BYTES);
    }

    /** What of the budget is left for the delete set. */
    int budgetLeft() {
        return budget - seen;
    }

    private void readStruct() {
        start = in.pos;
        clock = nextClock;
        info = in.u8();
        int ref = info & REF;
        originClient = ABSENT;
        rightClient = ABSENT;
        parentClient = ABSENT;
        nameLength = -1;
        keyLength = -1;
        if (ref == Items.GC || info == Items.SKIP) {
            len = in.varInt31();
            contentAt = in.pos;
        } else {
            readOrigins();
            readContent(ref);
        }
        end = in.pos;
        if (len == 0) {
            throw new MalformedUpdateException("empty struct at byte " + start);
        }
        if ((long) clock + len > Integer.MAX_VALUE) {
            throw new MalformedUpdateException("clock over 2^31-1 at byte " + start);
        }
        nextClock = clock + len;
    }

    private void readOrigins() {
        if ((info & HAS_ORIGIN) != 0) {
            originClient = in.varUint();
            originClock = in.varInt31();
        }
        if ((info & HAS_RIGHT_ORIGIN) != 0) {
            rightClient = in.varUint();
            rightClock = in.varInt31();
        }
        if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) != 0) {
            return;
        }
        long namesRoot = in.varUint();
        if (namesRoot == 1) {
            nameLength = text();
            nameAt = in.pos - nameLength;
        } else {
            odd |= namesRoot != 0;
            parentClient = in.varUint();
            parentClock = in.varInt31();
        }
        if ((info & HAS_KEY) != 0) {
            keyLength = text();
            keyAt = in.pos - keyLength;
        }
    }

    /** Skips a string and answers its bytes' number. */
    private int text() {
        int bytes = in.skipBytes();
        if (Utf8.utf16Length(in.buf, in.pos - bytes, bytes) == Utf8.INVALID) {
            throw new MalformedUpdateException("text that is not UTF-8 at byte " + in.pos);
        }
        return bytes;
    }

    private void readContent(int ref) {
        contentAt = in.pos;
        len = 1;
        switch (ref) {
            case Items.DELETED_CONTENT -> len = in.varInt31();
            case Items.JSON -> readJsonValues();
            case Items.BINARY -> in.skipBytes();
            case Items.STRING -> readString();
            case Items.EMBED -> json(text());
            case Items.FORMAT -> {
                text();
                json(text());
            }
            case Items.TYPE -> readType();
            case Items.ANY -> readAnyValues();
            case Items.DOC -> {
                text();
                values().walk(in);
            }
            default -> throw new MalformedUpdateException("unknown content " + ref + " at byte " + start);
        }
    }

    private void readString() {
        int bytes = in.skipBytes();
        contentAt = in.pos - bytes;
        len = Utf8.utf16Length(in.buf, contentAt, bytes, loose);
        if (len == Utf8.INVALID) {
            throw new MalformedUpdateException("text that is not UTF-8 at byte " + contentAt);
        }
    }

    private void readAnyValues() {
        len = in.count(1);
        contentAt = in.pos;
        AnyWalk walk = values();
        for (int i = 0; i < len; i++) {
            walk.walk(in);
        }
    }

    private AnyWalk values() {
        AnyWalk walk = values == null ? new AnyWalk() : values;
        values = walk;
        return walk;
    }

    private void readJsonValues() {
        len = in.count(1);
        contentAt = in.pos;
        for (int i = 0; i < len; i++) {
            int bytes = text();
            if (!Arrays.equals(in.buf, in.pos - bytes, in.pos, UNDEFINED_BYTES, 0, UNDEFINED_BYTES.length)) {
                json(bytes);
            }
        }
    }

    /** Checks the JSON that was just skipped. */
    private void json(int bytes) {
        CanonicalJson known = printed == null ? new CanonicalJson() : printed;
        printed = known;
        if (!known.isCanonical(in.buf, in.pos - bytes, bytes)) {
            odd = true;
            Json.check(new String(in.buf, in.pos - bytes, bytes, StandardCharsets.UTF_8));
        }
    }

    private void readType() {
        long type = in.varUint();
        if (type > Branch.XML_TEXT) {
            throw new MalformedUpdateException("unknown type " + type + " at byte " + start);
        }
        if (type == Branch.XML_ELEMENT || type == Branch.XML_HOOK) {
            text();
        }
    }

    boolean isItem() {
        return (info & REF) != Items.GC && info != Items.SKIP;
    }

    boolean isSkip() {
        return info == Items.SKIP;
    }

    int endClock() {
        return clock + len;
    }
}
