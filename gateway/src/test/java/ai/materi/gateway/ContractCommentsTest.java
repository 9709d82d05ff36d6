package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contracts are documentation, too: whatever a {@code .proto} file declares, it explains in the line above. */
class ContractCommentsTest {
    private static final Path CONTRACTS = Path.of("../proto/src/main/protobuf");
    private static final Pattern DECLARATION =
            Pattern.compile("(rpc|message|service|enum|oneof) .*|(repeated |optional )?[\\w.<>, ]+ = \\d+;");

    @Test
    void everythingDeclaredIsExplained() throws IOException {
        try (Stream<Path> files = Files.walk(CONTRACTS)) {
            List<Path> contracts =
                    files.filter(file -> file.toString().endsWith(".proto")).toList();

            assertThat(contracts).hasSizeGreaterThanOrEqualTo(5);
            assertThat(contracts)
                    .allSatisfy(file -> assertThat(unexplained(file)).isEmpty());
        }
    }

    private static List<String> unexplained(Path contract) {
        try {
            List<String> lines =
                    Files.readAllLines(contract).stream().map(String::strip).toList();
            return IntStream.range(1, lines.size())
                    .filter(i -> DECLARATION.matcher(lines.get(i)).matches())
                    .filter(i -> !lines.get(i - 1).startsWith("//"))
                    .mapToObj(i -> contract.getFileName() + ":" + (i + 1) + " " + lines.get(i))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
