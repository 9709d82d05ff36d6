package ai.materi.gateway.chaos;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.YText;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who writes: an editor on one of the two wires, with a replica of its own, that notes what it sent and what was
 * acknowledged, and comes back after a close as the provider from npm does. Lives on one event loop; every method may be
 * called from any thread.
 */
abstract class Editor {
    /** What it does to its own frames. */
    enum Mischief {
        NONE,
        /** Each update goes out twice. */
        DOUBLES,
        /** Of two updates the later one goes out first. */
        SWAPS,
        /** Instead of an update there goes out what is left of its message after an accident. */
        CORRUPTS
    }

    private static final int LONGEST_PAUSE_MILLIS = 2500;
    private static final int RENEWAL_MILLIS = 15_000;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final Context loop;
    private final Random dice;
    private final IntSupplier port;
    private final String name;
    private final UUID document;
    private final Ledger ledger;
    private final Doc doc = new Doc();
    private final List<String> own = new ArrayList<>();
    private final Set<Long> present = new HashSet<>();
    private final Map<Long, Long> clocks = new HashMap<>();
    private final String padding;
    private Mischief mischief = Mischief.NONE;
    private byte @Nullable [] swapped;
    private @Nullable ClientWebSocket socket;
    private boolean types;
    private int connection;
    private int failures;
    private int closes;
    private int lastCode = -1;
    private long presenceClock;
    private boolean open;
    private boolean answered;
    private boolean synced;
    private boolean left;
    private boolean offline = true;
    private int covered;

    /**
     * @param port of the node to go to; asked before each attempt
     * @param padding follows each mark
     */
    Editor(
            Vertx vertx,
            WebSocketClient client,
            String name,
            UUID document,
            IntSupplier port,
            long seed,
            String padding) {
        this.vertx = vertx;
        this.client = client;
        this.loop = vertx.getOrCreateContext();
        this.name = name;
        this.document = document;
        this.port = port;
        this.dice = new Random(seed);
        this.ledger = new Ledger(name);
        this.padding = padding;
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                edited(update);
            }
        });
    }

    // --- what is asked of it ---

    String name() {
        return name;
    }

    Ledger ledger() {
        return ledger;
    }

    UUID document() {
        return document;
    }

    long clientId() {
        return doc.clientId();
    }

    void connect() {
        loop.runOnContext(now -> attempt());
    }

    /** Types from now on, an edit every {@code millis} on average. */
    void type(int millis) {
        loop.runOnContext(now -> {
            mayType(true);
            typeSoon(millis);
        });
    }

    private synchronized void mayType(boolean may) {
        types = may;
    }

    synchronized void stopTyping() {
        types = false;
        loop.runOnContext(now -> sendSwapped());
    }

    /** For good, as when its machine is switched off: nothing that it holds comes back. */
    synchronized void leave() {
        stopTyping();
        left = true;
        hangUp();
    }

    /** One that is only being opened is closed as soon as it is open. */
    private void hangUp() {
        if (socket != null && !offline) {
            socket.shutdown();
        }
    }

    synchronized void plays(Mischief kind) {
        mischief = kind;
    }

    /** Reads nothing more until it is told to. */
    synchronized void stopReading() {
        if (socket != null && !offline) {
            socket.pause();
        }
    }

    synchronized void readAgain() {
        if (socket != null && !offline) {
            socket.resume();
        }
    }

    /** In sync, and all that it did is acknowledged. */
    synchronized boolean settled() {
        return synced && ledger.acknowledged() == ledger.sent();
    }

    synchronized boolean inSync() {
        return synced;
    }

    /** How often its socket was closed, by whomever. */
    synchronized int closes() {
        return closes;
    }

    /** The last code with which it was closed; -1 before that. */
    synchronized int lastCode() {
        return lastCode;
    }

    synchronized boolean has(String mark) {
        return doc.text(View.TEXT).toString().contains(mark);
    }

    /** Whether it sees that somebody with this client id is there. */
    synchronized boolean sees(long clientId) {
        return present.contains(clientId);
    }

    synchronized View view() {
        return View.of("the editor " + name, doc);
    }

    @Override
    public synchronized String toString() {
        return name + " (" + (open ? "open" : "away") + (synced ? ", in sync" : "") + ", " + ledger.acknowledged()
                + " of " + ledger.sent() + " acknowledged, closed " + closes + " times, last with " + lastCode + ")";
    }

    // --- typing ---

    private synchronized void typeSoon(int millis) {
        if (!types) {
            return;
        }
        vertx.setTimer(1 + dice.nextInt(2 * millis), due -> {
            edit();
            typeSoon(millis);
        });
    }

    private synchronized void edit() {
        if (!types) {
            return;
        }
        if (padding.isEmpty() && own.size() > 5 && dice.nextInt(5) == 0) {
            erase(own.remove(dice.nextInt(own.size())));
        } else {
            write(ledger.nextMark());
        }
        typed();
    }

    /** Who damages messages keeps off what others write: a damaged one may well be an edit of it. */
    private YText text() {
        return doc.text(mischief == Mischief.CORRUPTS ? "scrawls" : View.TEXT);
    }

    private void write(String mark) {
        YText text = text();
        String content = text.toString();
        int from = content.isEmpty() ? -1 : content.indexOf('<', dice.nextInt(content.length()));
        own.add(mark);
        ledger.wrote(mark);
        text.insert(from < 0 ? content.length() : from, mark + padding);
    }

    /** One that is no longer there stays expected. */
    private void erase(String mark) {
        YText text = text();
        int at = text.toString().indexOf(mark);
        if (at >= 0) {
            ledger.erased(mark);
            text.delete(at, mark.length());
        }
    }

    private void edited(byte[] update) {
        if (!open) {
            return;
        }
        switch (mischief) {
            case NONE -> sendUpdate(update, ledger.sent());
            case DOUBLES -> {
                sendUpdate(update, ledger.sent());
                sendUpdate(update, ledger.sent());
            }
            case SWAPS -> swap(update);
            case CORRUPTS -> transmit(damaged(Messages.syncUpdate(update)));
        }
    }

    private void swap(byte[] update) {
        byte[] first = swapped;
        if (first == null) {
            swapped = update;
            covered = ledger.sent() - 1;
        } else {
            swapped = null;
            sendUpdate(update, covered);
            sendUpdate(first, ledger.sent());
        }
    }

    /** No other update will go before it. */
    private synchronized void sendSwapped() {
        byte[] last = swapped;
        if (last != null && open) {
            swapped = null;
            sendUpdate(last, ledger.sent());
        }
    }

    private Buffer damaged(Buffer message) {
        byte[] bytes = message.getBytes();
        if (dice.nextBoolean()) {
            return Buffer.buffer(Arrays.copyOf(bytes, 1 + dice.nextInt(bytes.length - 1)));
        }
        for (int changes = 1 + dice.nextInt(3); changes > 0; changes--) {
            bytes[dice.nextInt(bytes.length)] = (byte) dice.nextInt(256);
        }
        return Buffer.buffer(bytes);
    }

    /** @param edits how many are committed when this one and all before it are; 0 before the server was told everything */
    private void sendUpdate(byte[] update, int edits) {
        transmit(Messages.syncUpdate(update));
        sent(answered ? edits : 0);
    }

    // --- the connection ---

    private synchronized void attempt() {
        if (left) {
            return;
        }
        int number = ++connection;
        ClientWebSocket fresh = client.webSocket();
        fresh.binaryMessageHandler(message -> received(number, message));
        fresh.closeHandler(none -> closed(number, fresh.closeStatusCode()));
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port.getAsInt())
                .setTimeout(5000)
                .setURI(path());
        socket = fresh;
        fresh.connect(options).onSuccess(connected -> opened(number)).onFailure(refused -> closed(number, null));
    }

    private synchronized void opened(int number) {
        if (number != connection) {
            return;
        }
        offline = false;
        if (left) {
            hangUp();
        } else {
            greet();
        }
    }

    private synchronized void closed(int number, @Nullable Short code) {
        if (number != connection) {
            return;
        }
        connection++;
        if (!offline) {
            closes++;
            failures = 0;
            lastCode = code == null ? 1006 : code;
        }
        offline = true;
        open = false;
        answered = false;
        synced = false;
        swapped = null;
        socket = null;
        present.clear();
        clocks.clear();
        forgetSent();
        if (!left) {
            vertx.setTimer(pause(failures++, dice), due -> attempt());
        }
    }

    private synchronized void received(int number, Buffer message) {
        if (number == connection && !left) {
            receive(message);
        }
    }

    /** The server takes updates from now on. */
    void begin() {
        open = true;
        transmit(Messages.syncStep1(doc.stateVector().encode()));
        tellPresence(connection);
    }

    void sync(FrameReader reader) {
        int step = reader.type();
        byte[] payload = reader.bytes();
        if (step == Messages.SYNC_STEP_1) {
            transmit(Messages.syncStep2(doc.encodeStateSince(StateVector.decode(payload))));
            answered = true;
            sent(ledger.sent());
            return;
        }
        doc.applyUpdate(payload, this);
        if (step == Messages.SYNC_STEP_2) {
            synced = true;
            failures = 0;
            caughtUp();
        }
    }

    // --- presence (y-protocols' awareness) ---

    private synchronized void tellPresence(int number) {
        if (number != connection || left) {
            return;
        }
        sayPresence();
        vertx.setTimer(RENEWAL_MILLIS, due -> tellPresence(number));
    }

    private void sayPresence() {
        byte[] state = new FrameWriter(64)
                .varUint(1)
                .varUint(doc.clientId())
                .varUint(++presenceClock)
                .string("{\"cursor\":" + presenceClock + "}")
                .toBytes();
        transmit(Messages.awareness(state));
    }

    void presence(FrameReader message) {
        FrameReader states = new FrameReader(message.slice());
        for (long more = states.varUint(); more > 0; more--) {
            presence(states.varUint(), states.varUint(), states.string(1 << 20).equals("null"));
        }
    }

    /** Newer clocks count; so does that somebody has left at the clock that is known. That it has itself left it denies. */
    private void presence(long who, long clock, boolean left) {
        long known = who == doc.clientId() ? presenceClock : clocks.getOrDefault(who, 0L);
        if (who == doc.clientId() && left && clock >= known) {
            presenceClock = clock;
            sayPresence();
        } else if (clock > known || (clock == known && left)) {
            clocks.put(who, clock);
            if (left) {
                present.remove(who);
            } else {
                present.add(who);
            }
        }
    }

    // --- for the wires ---

    @Nullable
    ClientWebSocket socket() {
        return socket;
    }

    StateVector stateVector() {
        return doc.stateVector();
    }

    boolean answered() {
        return answered;
    }

    static int bounded(int millis) {
        return Math.min(LONGEST_PAUSE_MILLIS, millis);
    }

    /** Where to connect. */
    abstract String path();

    /** Before the next attempt, in ms. */
    abstract int pause(int failures, Random dice);

    /** The socket is open. */
    abstract void greet();

    abstract void receive(Buffer message);

    /** Sends a message that both wires have in common. */
    abstract void transmit(Buffer message);

    /** An update or an answer went out; when it is committed so many edits are. */
    abstract void sent(int edits);

    /** What was sent on a connection that is gone will not be acknowledged. */
    abstract void forgetSent();

    /** It has done something. */
    void typed() {}

    /** A question of its own was answered. */
    void caughtUp() {}
}
