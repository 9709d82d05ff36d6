package ai.materi.auth.fields;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Turns text from outside into values that keep their bounds. Each refusal is {@code invalid_field} with the member
 * {@code field}.
 */
public final class Fields {
    public static final int MAX_EMAIL = 254;
    public static final int MAX_NAME = 80;
    public static final int MIN_PASSWORD = 10;
    public static final int MAX_PASSWORD = 128;

    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_SLUG = 48;
    private static final int UUID_LENGTH = 36;

    /** The dot-atom addresses of RFC 5321 with a domain of at least two labels; quoted and non-ASCII ones are refused. */
    private static final Pattern EMAIL = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+"
                    + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,46}[a-z0-9]");
    private static final Pattern UUID_SYNTAX =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    /** Control characters, line separators, lone surrogates, and marks that turn the direction of what follows. */
    private static final Pattern UNSHOWABLE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]");

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NOT_SLUG = Pattern.compile("[^a-z0-9]+");
    private static final Pattern OUTER_DASHES = Pattern.compile("^-+|-+$");

    private Fields() {}

    /** An e-mail address as it was typed, without surrounding space. */
    public static String email(String field, String value) {
        String email = required(field, value).strip();
        if (email.length() > MAX_EMAIL
                || email.indexOf('@') > MAX_LOCAL_PART
                || !EMAIL.matcher(email).matches()) {
            throw invalid(field, "This is not an e-mail address.");
        }
        return email;
    }

    /** A name to show to others, without surrounding space. */
    public static String name(String field, String value) {
        String name = required(field, value).strip();
        if (name.isEmpty() || characters(name) > MAX_NAME) {
            throw invalid(field, "A name has 1 to " + MAX_NAME + " characters.");
        }
        if (UNSHOWABLE.matcher(name).find()) {
            throw invalid(field, "A name has no control characters.");
        }
        return name;
    }

    /** A new password, in the one Unicode form (NFKC) in which it is hashed, however a keyboard composed it. */
    public static String newPassword(String field, String value) {
        int length = characters(required(field, value));
        if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
            throw invalid(field, "A password has " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters.");
        }
        return Normalizer.normalize(value, Normalizer.Form.NFKC);
    }

    /** A password to be compared: only bounded, since saying more would say something about the right one. */
    public static String password(String field, String value) {
        if (characters(required(field, value)) > MAX_PASSWORD) {
            throw invalid(field, "A password has at most " + MAX_PASSWORD + " characters.");
        }
        return Normalizer.normalize(value, Normalizer.Form.NFKC);
    }

    /** Text that is compared and never stored, e.g. an address at login. */
    public static String bounded(String field, String value, int max) {
        if (required(field, value).length() > max || UNSHOWABLE.matcher(value).find()) {
            throw invalid(field, "This has at most " + max + " characters, none of them control characters.");
        }
        return value.strip();
    }

    public static String slug(String field, String value) {
        if (!isSlug(value)) {
            throw invalid(field, "A slug has 2 to 48 lower-case letters, digits and inner dashes, and is no id.");
        }
        return value;
    }

    public static boolean isSlug(String value) {
        return value.length() <= MAX_SLUG && SLUG.matcher(value).matches() && !isUuid(value);
    }

    /** The slug that a name suggests, e.g. {@code uber-uns} for "Über uns". */
    public static String slugFrom(String name) {
        String plain = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        String dashed = NOT_SLUG.matcher(plain).replaceAll("-");
        String cut = dashed.substring(0, Math.min(dashed.length(), MAX_SLUG));
        String slug = OUTER_DASHES.matcher(cut).replaceAll("");
        return slug.length() < 2 || isUuid(slug) ? "workspace" : slug;
    }

    public static UUID uuid(String field, String value) {
        if (!isUuid(required(field, value))) {
            throw invalid(field, "This is not an id.");
        }
        return UUID.fromString(value);
    }

    /** An id whose order is the order of its making (RFC 9562, version 7), as every new row here has. */
    public static UUID uuidV7(String field, String value) {
        UUID id = uuid(field, value);
        if (id.version() != 7 || id.variant() != 2) {
            throw invalid(field, "This is not a UUID of version 7.");
        }
        return id;
    }

    public static boolean isUuid(String value) {
        return value.length() == UUID_LENGTH && UUID_SYNTAX.matcher(value).matches();
    }

    public static Problem invalid(String field, String detail) {
        return Problem.of(ProblemCode.INVALID_FIELD, detail, Map.of("field", field));
    }

    private static String required(String field, String value) {
        if (value.isBlank()) {
            throw invalid(field, "This is needed.");
        }
        return value;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
