package ai.materi.crdt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.materi.crdt.bench.Options.Case;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void takesWhatTheHelpNames() {
        Options options = Options.parse(List.of("--rounds=3", "--quick", "--cases", "apply,b2", "--json", "out.json"));

        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.isQuick()).isTrue();
        assertThat(options.cases()).containsExactly(Case.APPLY, Case.B2);
        assertThat(options.json()).isEqualTo(Path.of("out.json"));
        assertThat(options.trace()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rounds 0             | --rounds takes a number from 1 to 50, not '0'
            --rounds five          | --rounds takes a number from 1 to 50, not 'five'
            --rounds               | --rounds needs a value, or is not known
            --cases apply,fly      | there is no case 'fly'
            --cases apply,         | there is no case ''
            --trace no/such.gz     | --trace: cannot read 'no/such.gz'
            --laps 3               | there is no option '--laps'
            """)
    void refusesTheRestWithAReason(String words, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of(words.split(" "))))
                .withMessageContaining(reason);
    }
}
