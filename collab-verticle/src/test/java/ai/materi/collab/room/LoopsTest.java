package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private final Context one = ((VertxInternal) vertx).createEventLoopContext();
    private final Context other = ((VertxInternal) vertx).createEventLoopContext();
    private final Context stranger = ((VertxInternal) vertx).createEventLoopContext();
    private final Loops loops = Await.result(Loops.start(vertx, List.of(one, other)));

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void givesADocumentToTheLoopThatOpensIt() {
        assertThat(on(one, loops::assign)).isSameAs(on(one, loops::current));
        assertThat(on(other, loops::assign)).isSameAs(on(other, loops::current));
    }

    @Test
    void sharesOutWhatOneLoopOpensAlone() {
        List<EventLoop> assigned =
                Stream.generate(() -> on(one, loops::assign)).limit(900).toList();

        assertThat(assigned)
                .filteredOn(loop -> loop == on(other, loops::current))
                .hasSizeBetween(250, 350);
    }

    @Test
    void givesWhatNoneOfThemOpensToTheOneThatOwnsLeast() {
        on(one, loops::assign);

        assertThat(on(stranger, loops::assign)).isSameAs(on(other, loops::current));
    }

    @Test
    void forgetsDocumentsThatAreNotLiveAnyMore() {
        Stream.generate(() -> on(one, loops::assign)).limit(900).forEach(EventLoop::release);

        assertThat(on(one, loops::assign).owned()).isOne();
    }

    private static <T> T on(Context loop, Supplier<T> work) {
        Promise<T> result = Promise.promise();
        loop.runOnContext(none -> result.complete(work.get()));
        return Await.result(result.future());
    }
}
