package ai.materi.collab.wire;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.room.Ending;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One socket of the Hocuspocus wire (provider 4.8): many documents, each message behind the name of its own. Messages are
 * routed to the {@link Attachment} of that name; a provider that shares the socket with another of the same document adds
 * its session to the name.
 */
final class HocuspocusSocket implements LineListener {
    private static final int MAX_NAME = 256;
    private static final Buffer PONG = Buffer.buffer(new byte[] {Messages.PONG});

    private final Line line;
    private final WireParts parts;
    private final Backlog backlog;
    private final Map<String, Attachment> attachments = new LinkedHashMap<>();
    private final long openedAt = System.currentTimeMillis();
    private boolean known;

    HocuspocusSocket(Line line, WireParts parts) {
        this.line = line;
        this.parts = parts;
        this.backlog =
                new Backlog(parts.settings().earlyFrames(), parts.settings().earlyBytes());
    }

    @Override
    public void message(Buffer message) {
        if (message.length() == 1) {
            bare(message.getByte(0));
            return;
        }
        FrameReader reader = new FrameReader(message);
        String name = reader.string(MAX_NAME);
        Attachment attachment = attachments.get(name);
        if (attachment == null) {
            attachment = attach(name);
        }
        attachment.message(reader.type(), reader, message);
    }

    private void bare(byte type) {
        if (type == Messages.PING) {
            line.send(PONG);
        } else if (type != Messages.PONG) {
            throw new MalformedFrameException("a message without a name");
        }
    }

    private Attachment attach(String name) {
        if (attachments.size() >= parts.settings().documentsPerSocket()) {
            forgetOneRefused();
        }
        Attachment attachment = new Attachment(name, line, parts, this, backlog.new Part());
        attachments.put(name, attachment);
        return attachment;
    }

    private void forgetOneRefused() {
        Optional<Attachment> refused =
                attachments.values().stream().filter(Attachment::isRefused).findFirst();
        if (refused.isEmpty()) {
            throw new MalformedFrameException("too many documents on one socket");
        }
        detach(refused.get());
    }

    void detach(Attachment attachment) {
        attachments.remove(attachment.name());
    }

    /** For what comes before another token is checked. */
    Backlog.Part early() {
        return backlog.new Part();
    }

    /** Somebody proved who they are. */
    void known() {
        known = true;
    }

    @Override
    public void tick(long now) {
        if (!known && now - openedAt > parts.settings().authTimeout().toMillis()) {
            line.end(Ending.SESSION_ENDED);
            return;
        }
        if (line.isQuiet(now)) {
            attachments.values().stream().filter(Attachment::isLive).findFirst().ifPresent(Attachment::keepAlive);
        }
        List.copyOf(attachments.values()).forEach(attachment -> attachment.tick(now));
    }

    @Override
    public void gone() {
        attachments.values().forEach(Attachment::gone);
        attachments.clear();
    }
}
