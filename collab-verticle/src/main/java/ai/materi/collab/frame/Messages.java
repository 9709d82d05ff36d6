package ai.materi.collab.frame;

import io.vertx.core.buffer.Buffer;

/**
 * The messages that both wires have in common, without a name in front: y-protocols' sync and awareness messages, and
 * what Hocuspocus adds to them (its {@code MessageType} and {@code AuthMessageType}, provider 4.8).
 */
public final class Messages {
    public static final int SYNC = 0;
    public static final int AWARENESS = 1;
    public static final int AUTH = 2;
    public static final int QUERY_AWARENESS = 3;
    public static final int SYNC_REPLY = 4;
    public static final int STATELESS = 5;
    /** What Hocuspocus servers say to each other; no client may. */
    public static final int BROADCAST_STATELESS = 6;

    public static final int CLOSE = 7;
    public static final int SYNC_STATUS = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    public static final int SYNC_STEP_1 = 0;
    public static final int SYNC_STEP_2 = 1;
    public static final int SYNC_UPDATE = 2;

    public static final int AUTH_TOKEN = 0;
    public static final int AUTH_DENIED = 1;
    public static final int AUTH_DONE = 2;

    private static final int HEAD = 16;
    private static final byte[] NO_STATES = {0};

    private Messages() {}

    public static Buffer syncStep1(byte[] stateVector) {
        return sync(SYNC_STEP_1, stateVector);
    }

    public static Buffer syncStep2(byte[] update) {
        return sync(SYNC_STEP_2, update);
    }

    public static Buffer syncUpdate(byte[] update) {
        return sync(SYNC_UPDATE, update);
    }

    public static Buffer awareness(byte[] states) {
        return new FrameWriter(states.length + HEAD)
                .varUint(AWARENESS)
                .bytes(states)
                .toBuffer();
    }

    /** Says nothing; keeps a client that has heard nothing for a while from reconnecting. */
    public static Buffer noAwareness() {
        return awareness(NO_STATES);
    }

    public static Buffer authenticated(boolean writes) {
        return auth(AUTH_DONE).string(writes ? "read-write" : "readonly").toBuffer();
    }

    public static Buffer permissionDenied(String reason) {
        return auth(AUTH_DENIED).string(reason).toBuffer();
    }

    /** Asks a Hocuspocus provider to send its token again. */
    public static Buffer tokenRequest() {
        return auth(AUTH_TOKEN).toBuffer();
    }

    /**
     * What an application says to others.
     *
     * @param words in UTF-8
     */
    public static Buffer stateless(byte[] words) {
        return new FrameWriter(words.length + HEAD)
                .varUint(STATELESS)
                .bytes(words)
                .toBuffer();
    }

    public static Buffer close(String reason) {
        return new FrameWriter(reason.length() + HEAD)
                .varUint(CLOSE)
                .string(reason)
                .toBuffer();
    }

    public static Buffer syncStatus(boolean saved) {
        return new FrameWriter(HEAD).varUint(SYNC_STATUS).varUint(saved ? 1 : 0).toBuffer();
    }

    /** A message with the name in front that Hocuspocus routes by. */
    public static Buffer named(String name, Buffer message) {
        byte[] prefix = new FrameWriter(name.length() + HEAD).string(name).toBytes();
        return Buffer.buffer(prefix.length + message.length())
                .appendBytes(prefix)
                .appendBuffer(message);
    }

    private static Buffer sync(int step, byte[] payload) {
        return new FrameWriter(payload.length + HEAD)
                .varUint(SYNC)
                .varUint(step)
                .bytes(payload)
                .toBuffer();
    }

    private static FrameWriter auth(int type) {
        return new FrameWriter(64).varUint(AUTH).varUint(type);
    }
}
