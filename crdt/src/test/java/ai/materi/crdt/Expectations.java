package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an oracle is to answer. It is asked many things at a time, for each round trip costs; what is long is told by its
 * digest unless all is to be seen.
 */
final class Expectations {
    private static final int AT_ONCE = 200;
    private static final int LONG = 150;
    /** What the oracle answers in place of what is known to differ. */
    private static final String PASSED_OVER = "passed over";

    private record Expected(String request, Map<String, ?> answer, String what, int operation) {}

    private final Oracle oracle;
    private final boolean brief;
    private final List<Expected> waiting = new ArrayList<>();
    private int operation;
    private long comparisons;
    private long passedOver;

    Expectations(Oracle oracle, boolean brief) {
        this.oracle = oracle;
        this.brief = brief;
    }

    /** What is expected from now on belongs to this operation. */
    void begin(int number) {
        this.operation = number;
        if (waiting.size() >= AT_ONCE) {
            check();
        }
    }

    /** The oracle answers the request with these fields, and perhaps others. */
    void expect(String what, Map<String, ?> answer, @Nullable Object... request) {
        waiting.add(new Expected(Json.stringify(Arrays.asList(request)), answer, what, operation));
    }

    /** What the oracle answers, after all that was to be asked before. */
    Map<String, Object> ask(Object... request) {
        check();
        Map<String, Object> answer =
                oracle.answers(List.of(Json.stringify(List.of(request)))).get(0);
        if (answer.containsKey("error")) {
            throw new Divergence(operation, "failure of the oracle", String.valueOf(answer.get("error")), null);
        }
        return answer;
    }

    /** Asks what waits. Throws {@link Divergence} at the first answer that is another one, or {@link YjsBroke}. */
    void check() {
        List<Expected> asked = List.copyOf(waiting);
        waiting.clear();
        List<Map<String, Object>> answers =
                oracle.answers(asked.stream().map(Expected::request).toList());
        for (int i = 0; i < asked.size(); i++) {
            check(asked.get(i), answers.get(i));
        }
    }

    private void check(Expected expected, Map<String, Object> answer) {
        if (answer.containsKey("broke")) {
            throw new YjsBroke(expected.operation, String.valueOf(answer.get("broke")));
        }
        if (answer.containsKey("error")) {
            throw divergence(expected, "failure of the oracle", String.valueOf(answer.get("error")));
        }
        expected.answer.forEach((field, here) -> {
            Object there = answer.get(field);
            if (PASSED_OVER.equals(there)) {
                passedOver++;
                return;
            }
            comparisons++;
            if (!Objects.equals(here, there)) {
                throw divergence(expected, field, "\n  here  " + here + "\n  there " + there);
            }
        });
    }

    private static Divergence divergence(Expected expected, String field, String difference) {
        String what = difference + "\n  asked " + expected.request;
        return new Divergence(expected.operation, field + " of " + expected.what, what, null);
    }

    long comparisons() {
        return comparisons;
    }

    /** How many values could not be compared, for a difference between the engines is known. */
    long passedOver() {
        return passedOver;
    }

    int operation() {
        return operation;
    }

    List<String> shown(List<byte[]> updates) {
        return updates.stream().map(this::shown).toList();
    }

    String shown(byte[] bytes) {
        return brief && bytes.length > LONG ? digest(bytes) : YjsOracle.base64(bytes);
    }

    String shown(String json) {
        return brief && json.length() > LONG ? digest(json.getBytes(StandardCharsets.UTF_8)) : json;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
