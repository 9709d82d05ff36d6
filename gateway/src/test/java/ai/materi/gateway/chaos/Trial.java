package ai.materi.gateway.chaos;

import ai.materi.gateway.chaos.Checker.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * One run of a row with one seed. Two documents are written on both wires: those who write the first stay, and come back
 * with what they hold; those who write the second, all at node 1, go with the fault, so that nobody brings back what the
 * server has lost.
 */
final class Trial {
    private static final int EVERY_MILLIS = 40;
    private static final int WARM_UP = 10;
    private static final Duration HEALING = Duration.ofSeconds(60);
    private static final Duration AGREEING = Duration.ofSeconds(30);

    private final Stand stand;
    private final Row row;
    private final long seed;
    private final Random dice;
    private final String token;
    private final Site stayers;
    private final Site goers;
    private final List<Editor> deserters = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> delays = new ArrayList<>();
    private final List<Cleanup> cleanups = new ArrayList<>();
    private int names;
    private long overNanos;
    private double healedSeconds = -1;

    /** Puts something back as it was. */
    interface Cleanup {
        void run() throws Exception;
    }

    private Trial(Stand stand, Row row, long seed) throws Exception {
        this.stand = stand;
        this.row = row;
        this.seed = seed;
        this.dice = new Random(seed);
        stand.use(row.nodes());
        this.token = stand.token(stand.node(1));
        this.stayers = new Site(stand.createDocument(stand.node(1), token), new ArrayList<>());
        this.goers = new Site(stand.createDocument(stand.node(1), token), new ArrayList<>());
    }

    static Outcome run(Stand stand, Row row, long seed) throws Exception {
        Trial trial = new Trial(stand, row, seed);
        try {
            trial.gather();
            row.script().run(trial);
            trial.settle();
            return trial.outcome();
        } finally {
            trial.dismiss();
        }
    }

    private void gather() {
        for (int node = 1; node <= row.nodes(); node++) {
            hocuspocus(stayers, node, "");
            yjs(stayers, node);
        }
        hocuspocus(goers, 1, "");
        yjs(goers, 1);
        everybody().forEach(editor -> editor.type(EVERY_MILLIS));
        for (Editor editor : everybody()) {
            Patience.until(
                    "something is acknowledged to " + editor,
                    () -> editor.ledger().acknowledged() >= WARM_UP);
        }
    }

    private List<Editor> everybody() {
        List<Editor> all = new ArrayList<>(stayers.editors());
        all.addAll(goers.editors());
        return all;
    }

    // --- for the rows ---

    Stand stand() {
        return stand;
    }

    StoredServices services() {
        return stand.services();
    }

    ChaosNode node(int number) {
        return stand.node(number);
    }

    Random dice() {
        return dice;
    }

    Site stayers() {
        return stayers;
    }

    Site goers() {
        return goers;
    }

    /** Of those who stay, who belong to a node. */
    List<Editor> stayersAt(int node) {
        return stayers.editors().stream()
                .filter(editor -> editor.name().startsWith("n" + node) && !deserters.contains(editor))
                .toList();
    }

    /** Connected from now on. */
    Editor hocuspocus(Site site, int node, String padding) {
        HocuspocusEditor editor = new HocuspocusEditor(
                stand.vertx(),
                stand.sockets(),
                name(node),
                site.id(),
                token,
                () -> stand.doorOf(node),
                dice.nextLong(),
                padding);
        return join(site, editor);
    }

    /** One that goes to its node past the line of its clients. */
    Editor neighbour(Site site, int node) {
        int port = node(node).ports().http();
        return join(
                site,
                new HocuspocusEditor(
                        stand.vertx(), stand.sockets(), name(node), site.id(), token, () -> port, dice.nextLong(), ""));
    }

    /** Connected from now on. */
    Editor yjs(Site site, int node) {
        return join(
                site,
                new YjsEditor(
                        stand.vertx(),
                        stand.sockets(),
                        name(node),
                        site.id(),
                        token,
                        () -> stand.doorOf(node),
                        dice.nextLong(),
                        ""));
    }

    private static Editor join(Site site, Editor editor) {
        site.editors().add(editor);
        editor.connect();
        return editor;
    }

    private String name(int node) {
        return "n" + node + "e" + ++names;
    }

    /** Those of the second document are gone, whatever they hold. */
    void goersGo() {
        goers.editors().forEach(Editor::leave);
    }

    /** One of the first document goes for good. */
    void desert(Editor editor) {
        editor.leave();
        deserters.add(editor);
    }

    /** Time passes while the fault is there. */
    void last(double seconds) {
        Patience.last(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** From here on all has to be well in time; nobody writes any more. */
    void over() {
        overNanos = System.nanoTime();
        everybody().forEach(Editor::stopTyping);
    }

    void violated(String what) {
        violations.add(what);
    }

    /** Done when the trial has ended, however it ends, the last one first; twice does no harm. */
    void afterwards(Cleanup cleanup) {
        cleanups.add(cleanup);
    }

    /** It comes to hold: late after {@code limitSeconds} from now, violated after a minute. */
    void within(String what, double limitSeconds, BooleanSupplier condition) {
        long begin = System.nanoTime();
        if (!Patience.sees(HEALING, condition)) {
            violated("not within " + HEALING.toSeconds() + " s: " + what);
            return;
        }
        late(what, (System.nanoTime() - begin) / 1e9, limitSeconds);
    }

    private void late(String what, double seconds, double limitSeconds) {
        if (seconds > limitSeconds) {
            delays.add(String.format(Locale.ROOT, "after %.1f s, not %.0f: %s", seconds, limitSeconds, what));
        }
    }

    /** What an editor has just written, and what is not acknowledged, another one of its node sees. */
    void peersSeeWhatWaits() {
        List<Editor> peers = stayersAt(1);
        boolean seen = Patience.sees(Duration.ofSeconds(10), () -> {
            String mark = peers.get(0).ledger().lastUnacknowledged();
            return !mark.isEmpty() && peers.get(1).has(mark);
        });
        if (!seen) {
            violated("peers did not see an edit that waits for its commit");
        }
    }

    /** Lasts until somebody was sent away with 1013, since the log takes no more. */
    void untilRefused() {
        boolean refused = Patience.sees(
                Duration.ofSeconds(30), () -> everybody().stream().anyMatch(editor -> editor.lastCode() == 1013));
        if (!refused) {
            violated("nobody was refused with 1013 in a minute without commits");
        }
    }

    /** The harm done to some is felt by none of these: nobody of them is sent away, and everybody's edits are acknowledged. */
    Unharmed watch(List<Editor> editors) {
        return new Unharmed(this, editors);
    }

    // --- what comes of it ---

    private void settle() {
        goersGo();
        List<Editor> staying = new ArrayList<>(stayers.editors());
        staying.removeAll(deserters);
        BooleanSupplier isWell = () -> staying.stream().allMatch(Editor::settled)
                && agree(staying)
                && (row.nodes() == 1 || unseen(staying).isEmpty());
        Duration promised = Duration.ofMillis(Math.round(row.limitSeconds() * 1000));
        if (!Patience.sees(promised, isWell)) {
            delays.add(unwell(staying));
        }
        boolean well = Patience.sees(HEALING, isWell);
        healedSeconds = (System.nanoTime() - overNanos) / 1e9;
        if (!well) {
            violated("not well within " + HEALING.toSeconds() + " s");
            staying.stream().filter(editor -> !editor.settled()).forEach(editor -> violated("not settled: " + editor));
            unseen(staying).forEach(this::violated);
        } else {
            late("well again", healedSeconds, row.limitSeconds());
        }
    }

    private static boolean agree(List<Editor> editors) {
        View first = editors.get(0).view();
        return editors.stream().allMatch(editor -> editor.view().agrees(first));
    }

    private static String unwell(List<Editor> editors) {
        List<String> unseen = unseen(editors);
        return "by then " + editors.stream().filter(editor -> !editor.settled()).count() + " were not settled, "
                + (agree(editors) ? "all were equal, " : "not all were equal, ") + unseen.size() + " were not seen"
                + (unseen.isEmpty() ? "" : ": " + unseen.get(0) + " …");
    }

    /** Who is there, and does not see somebody else who is. */
    private static List<String> unseen(List<Editor> editors) {
        return editors.stream()
                .flatMap(one -> editors.stream()
                        .filter(other -> other != one && !one.sees(other.clientId()))
                        .map(other -> one.name() + " does not see " + other.name()))
                .toList();
    }

    private Outcome outcome() throws SQLException {
        List<Editor> staying = new ArrayList<>(stayers.editors());
        staying.removeAll(deserters);
        Verdict first = verdict(stayers, staying);
        Verdict second = verdict(goers, List.of());
        violations.addAll(first.violations());
        violations.addAll(second.violations());
        int sent = stayers.sent() + goers.sent();
        int acknowledged = stayers.acknowledged() + goers.acknowledged();
        return new Outcome(
                row.name(),
                seed,
                sent,
                acknowledged,
                sent - acknowledged,
                first.lost().size() + second.lost().size(),
                first.doubled().size()
                        + second.doubled().size()
                        + first.returned().size()
                        + second.returned().size(),
                healedSeconds,
                List.copyOf(violations),
                List.copyOf(delays));
    }

    /** Somebody new asks each node, until all answer what the log has or time is up. */
    private Verdict verdict(Site site, List<Editor> staying) throws SQLException {
        Map<String, Editor> readers = new HashMap<>();
        Site visitors = new Site(site.id(), new ArrayList<>());
        for (int node = 1; node <= row.nodes(); node++) {
            readers.put("node " + node, hocuspocus(visitors, node, ""));
        }
        try (Connection connection = stand.services().connect()) {
            long end = System.nanoTime() + AGREEING.toNanos();
            Verdict verdict = verdict(site, staying, readers, connection);
            while (!verdict.others().isEmpty() && System.nanoTime() < end) {
                Patience.last(Duration.ofMillis(50));
                verdict = verdict(site, staying, readers, connection);
            }
            return verdict;
        } finally {
            visitors.editors().forEach(Editor::leave);
        }
    }

    private static Verdict verdict(Site site, List<Editor> staying, Map<String, Editor> readers, Connection connection)
            throws SQLException {
        List<View> views = new ArrayList<>();
        staying.forEach(editor -> views.add(editor.view()));
        readers.forEach((whose, reader) -> views.add(reader.view().of(whose)));
        return Checker.check(site.expectations(), StoredLog.read(connection, site.id()), views);
    }

    private void dismiss() throws Exception {
        everybody().forEach(Editor::leave);
        Collections.reverse(cleanups);
        for (Cleanup cleanup : cleanups) {
            cleanup.run();
        }
    }
}
