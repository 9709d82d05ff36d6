package ai.materi.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
    private final ClientAddress addresses = new ClientAddress(List.of("10.0.0.1", "10.0.0.2"));

    @Test
    void isThePeerUnlessThatIsAKnownProxy() {
        assertThat(addresses.of("198.51.100.7", List.of("203.0.113.9"))).isEqualTo("198.51.100.7");
    }

    @Test
    void isTheNearestThatIsNoProxy() {
        assertThat(addresses.of("10.0.0.1", List.of("192.0.2.1, 203.0.113.9 , 10.0.0.2")))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void readsSeveralLinesAsOneList() {
        assertThat(addresses.of("10.0.0.1", List.of("192.0.2.1", "203.0.113.9", "10.0.0.2")))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void believesNothingBeforeTheNearestHoweverMuchASenderClaims() {
        String claimed = String.join(",", Collections.nCopies(1_000, "192.0.2.1"));

        assertThat(addresses.of("10.0.0.1", List.of(claimed + ", 203.0.113.9"))).isEqualTo("203.0.113.9");
    }

    @Test
    void isTheProxyWhenWhatItSaysIsNoAddress() {
        assertThat(addresses.of("10.0.0.1", List.of("192.0.2.1, nonsense"))).isEqualTo("10.0.0.1");
        assertThat(addresses.of("10.0.0.1", List.of(""))).isEqualTo("10.0.0.1");
        assertThat(addresses.of("10.0.0.1", List.of(","))).isEqualTo("10.0.0.1");
        assertThat(addresses.of("10.0.0.1", List.of())).isEqualTo("10.0.0.1");
    }

    @Test
    void isTheProxyWhenThereAreProxiesOnly() {
        String proxies = String.join(",", Collections.nCopies(1_000, "10.0.0.2"));

        assertThat(addresses.of("10.0.0.1", List.of("192.0.2.1," + proxies))).isEqualTo("10.0.0.1");
    }

    @Test
    void countsAnIpv6SubscriberOnceHoweverTheAddressIsWritten() {
        String shortened = addresses.of("2001:db8:1:2::7", List.of());

        assertThat(addresses.of("2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd", List.of()))
                .isEqualTo(shortened);
        assertThat(addresses.of("2001:db8:1:3::7", List.of())).isNotEqualTo(shortened);
    }
}
