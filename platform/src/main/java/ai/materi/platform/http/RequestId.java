package ai.materi.platform.http;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of one request in answers and logs: the caller's, if it can stand in a log line, else a UUIDv7. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    private static final TimeBasedEpochGenerator FRESH = Generators.timeBasedEpochGenerator();

    private RequestId() {}

    public static String continued(@Nullable String header) {
        return header != null && VALID.matcher(header).matches()
                ? header
                : FRESH.generate().toString();
    }
}
