package ai.materi.auth.users;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NobodyTest {
    @Test
    void theHashThatStandsInForAnUnknownUserCostsAsMuchAsARealOne() {
        String real = new Argon2id().hash("correct horse battery staple");

        assertThat(cost(Argon2id.NOBODY)).isEqualTo(cost(real));
    }

    /** Algorithm, version and parameters of the PHC string. */
    private static String cost(String hash) {
        String[] parts = hash.split("\\$", -1);
        return parts[1] + parts[2] + parts[3];
    }
}
