package ai.materi.collab.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SharedFrameTest {
    private static final int LOOPS = 4;
    private static final int FRAMES = 200;

    private final Buffer message = Buffer.buffer(new byte[] {0, 2, 7, 8, 9});

    @Test
    void holdsTheMessageAndForHocuspocusTheNameBeforeIt() {
        SharedFrame frame = new SharedFrame(message, "doc");

        assertThat(ByteBufUtil.hexDump(frame.plain())).isEqualTo("82050002070809");
        assertThat(ByteBufUtil.hexDump(frame.named())).isEqualTo("820903646f630002070809");
    }

    @Test
    void holdsItBehindAnotherNameInTwoParts() {
        SharedFrame frame = new SharedFrame(message, "doc");

        assertThat(ByteBufUtil.hexDump(frame.head("it"))).isEqualTo("8208026974");
        assertThat(ByteBufUtil.hexDump(frame.body())).isEqualTo("0002070809");
    }

    @Test
    void isEncodedOnceForEachWireHoweverManyLoopsAskAtOnce() throws Exception {
        for (int i = 0; i < FRAMES; i++) {
            SharedFrame frame = new SharedFrame(message, "doc");
            assertThat(askedAtOnce(frame, SharedFrame::plain))
                    .allSatisfy(seen -> assertThat(seen).isSameAs(frame.plain()));
            assertThat(askedAtOnce(frame, SharedFrame::named))
                    .allSatisfy(seen -> assertThat(seen).isSameAs(frame.named()));
        }
    }

    private static List<ByteBuf> askedAtOnce(SharedFrame frame, Function<SharedFrame, ByteBuf> wire) throws Exception {
        CyclicBarrier start = new CyclicBarrier(LOOPS);
        ExecutorService loops = Executors.newFixedThreadPool(LOOPS);
        try {
            List<Future<ByteBuf>> asked = new ArrayList<>();
            for (int i = 0; i < LOOPS; i++) {
                asked.add(loops.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return wire.apply(frame);
                }));
            }
            List<ByteBuf> seen = new ArrayList<>();
            for (Future<ByteBuf> one : asked) {
                seen.add(one.get(10, TimeUnit.SECONDS));
            }
            return seen;
        } finally {
            loops.shutdownNow();
        }
    }
}
