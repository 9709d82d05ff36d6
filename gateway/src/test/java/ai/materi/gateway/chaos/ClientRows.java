package ai.materi.gateway.chaos;

import ai.materi.gateway.chaos.Editor.Mischief;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Clients that do not read, that say things twice or in another order, and bytes that mean nothing. */
final class ClientRows {
    private static final double WELL_SECONDS = 5;
    private static final int PAGE = 100_000;
    private static final int PAGES = 100;
    private static final int VANDALS = 3;
    private static final int EVERY_MILLIS = 40;

    private ClientRows() {}

    static List<Row> all() {
        return List.of(
                Row.of(
                        "reader-stops",
                        "one client reads nothing while others paste 10 MB, then reads again and is caught up",
                        1,
                        WELL_SECONDS,
                        ClientRows::readerStops),
                Row.of(
                        "frames-doubled",
                        "each update is sent twice",
                        1,
                        WELL_SECONDS,
                        trial -> mischief(trial, Mischief.DOUBLES)),
                Row.of(
                                "frames-swapped",
                                "of two updates the later one is sent first",
                                1,
                                WELL_SECONDS,
                                trial -> mischief(trial, Mischief.SWAPS))
                        .inShort(),
                Row.of(
                        "frames-corrupt",
                        "six more clients send messages that are cut short or have bytes changed",
                        1,
                        WELL_SECONDS,
                        ClientRows::corrupt),
                Row.of(
                        "stream-corrupt",
                        "in the stream of every client come bytes that are no frame",
                        1,
                        WELL_SECONDS,
                        ClientRows::garbled));
    }

    private static void readerStops(Trial trial) {
        Editor reader = trial.neighbour(trial.stayers(), 1);
        Editor writer = trial.hocuspocus(trial.stayers(), 1, ".".repeat(PAGE));
        Patience.until("both are there", () -> reader.inSync() && writer.inSync());
        List<Editor> others = new ArrayList<>(trial.stayersAt(1));
        others.remove(reader);
        others.forEach(Editor::stopTyping);
        Unharmed unharmed = trial.watch(others);
        reader.stopReading();
        writer.type(EVERY_MILLIS);
        boolean written =
                Patience.sees(Duration.ofMinutes(2), () -> writer.ledger().acknowledged() >= PAGES);
        if (!written) {
            trial.violated("10 MB were not acknowledged in two minutes to " + writer);
        }
        writer.stopTyping();
        reader.readAgain();
        trial.over();
        unharmed.stayed();
    }

    private static void mischief(Trial trial, Mischief kind) {
        Unharmed everybody = trial.watch(trial.stayersAt(1));
        trial.stayers().editors().forEach(editor -> editor.plays(kind));
        trial.goers().editors().forEach(editor -> editor.plays(kind));
        trial.last(3);
        everybody.writeOn();
        trial.over();
        everybody.stayed();
    }

    private static void corrupt(Trial trial) {
        Unharmed everybody = trial.watch(trial.stayersAt(1));
        Site vandals = new Site(trial.stayers().id(), new ArrayList<>());
        trial.afterwards(() -> vandals.editors().forEach(Editor::leave));
        for (int i = 0; i < VANDALS; i++) {
            trial.hocuspocus(vandals, 1, "");
            trial.yjs(vandals, 1);
        }
        vandals.editors().forEach(vandal -> {
            vandal.plays(Mischief.CORRUPTS);
            vandal.type(EVERY_MILLIS);
        });
        trial.last(6);
        everybody.writeOn();
        vandals.editors().forEach(Editor::leave);
        trial.over();
        everybody.stayed();
    }

    private static void garbled(Trial trial) {
        byte[] noFrame = new byte[64];
        Arrays.fill(noFrame, (byte) 0xff);
        List<Editor> all = trial.stayersAt(1);
        trial.node(1).door().garble(Buffer.buffer(noFrame));
        Patience.until("everybody was sent away", () -> all.stream().allMatch(editor -> editor.closes() > 0));
        trial.over();
    }
}
