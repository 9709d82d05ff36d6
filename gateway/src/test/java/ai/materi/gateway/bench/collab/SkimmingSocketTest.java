package ai.materi.gateway.bench.collab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SkimmingSocketTest {
    private static final int KEEP = 300;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CONTINUATION = 0;
    private static final int LAST = 0x80;

    private final List<String> heard = new ArrayList<>();
    private final Reactor reactor;
    private final ServerSocket server;
    private SkimmingSocket socket;
    private Socket peer;

    SkimmingSocketTest() throws IOException {
        reactor = new Reactor();
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void connect() throws IOException {
        socket = new SkimmingSocket(
                reactor, URI.create("ws://127.0.0.1:" + server.getLocalPort()), KEEP, new SkimmingSocket.Listener() {
                    @Override
                    public void opened() {
                        heard.add("opened");
                    }

                    @Override
                    public void message(byte[] bytes, int from, int to) {
                        heard.add(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
                    }

                    @Override
                    public void ended(String why) {
                        heard.add("ended: " + why);
                    }
                });
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        reactor.close();
        peer.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void showsMessagesHoweverTheyAreCut(int portion) throws IOException {
        String large = "l".repeat(70_000);

        receive(
                portion,
                joined(
                        "HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        frame(LAST | BINARY, "one"),
                        frame(BINARY, "two, "),
                        frame(LAST | 9, "are you there"),
                        frame(CONTINUATION, ""),
                        frame(LAST | CONTINUATION, "in parts"),
                        frame(LAST | BINARY, large),
                        frame(LAST | TEXT, "not for us"),
                        frame(LAST | BINARY, "m".repeat(200)),
                        frame(LAST | BINARY, "")));

        assertThat(heard).containsExactly("opened", "one", "two, in parts", "l".repeat(KEEP), "m".repeat(200), "");
        assertThat(answered()).contains("are you there");
    }

    @Test
    void tellsWithWhichCodeItWasClosed() throws IOException {
        receive(3, joined("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new byte[] {
            (byte) (LAST | 8), 2, 1013 >> 8, (byte) 1013
        }));

        assertThat(heard).containsExactly("opened", "ended: closed with 1013");
    }

    @Test
    void tellsHowItWasRefused() {
        assertThatThrownBy(() ->
                        receive(10, "HTTP/1.1 503 Service Unavailable\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IOException.class)
                .hasMessage("refused: HTTP/1.1 503 Service Unavailable");
    }

    @Test
    void refusesAnAnswerWithoutAnEnd() {
        assertThatThrownBy(() -> receive(1000, new byte[10_000])).hasMessage("an answer without an end");
    }

    /** What came over the socket after the request, as text. */
    private String answered() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("are you there") < 0) {
            int one = peer.getInputStream().read();
            if (one < 0) {
                break;
            }
            text.append((char) one);
        }
        return text.toString();
    }

    private void receive(int portion, byte[] all) throws IOException {
        for (int at = 0; at < all.length; at += portion) {
            byte[] part = Arrays.copyOfRange(all, at, Math.min(all.length, at + portion));
            socket.received(part, part.length);
        }
    }

    private static byte[] frame(int head, String payload) throws IOException {
        int length = payload.length();
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) head);
        if (length < 126) {
            header.put((byte) length);
        } else if (length < 1 << 16) {
            header.put((byte) 126).putShort((short) length);
        } else {
            header.put((byte) 127).putLong(length);
        }
        return joined(Arrays.copyOf(header.array(), header.position()), payload.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] joined(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }
}
