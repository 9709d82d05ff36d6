package ai.materi.collab.clients;

import ai.materi.crdt.Doc;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.collab.v1.SyncUpdate;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A caller of {@code CollabService.Sync} with a document of its own. */
public final class SyncClient {
    private final Doc doc = new Doc();
    private final Requests requests = new Requests();
    private final List<SyncReply> replies = new ArrayList<>();
    private final List<byte[]> unsent = new ArrayList<>();
    private @Nullable ReadStream<SyncReply> stream;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;
    private long number;

    /** Opens a document and waits until it is in sync. */
    public static SyncClient open(RelayFixture relay, String user, SyncOpen open) {
        SyncClient client = new SyncClient();
        client.requests.say(SyncRequest.newBuilder().setOpen(open).build());
        client.begin(relay.as(user, service -> service.sync(client.requests)));
        client.await(SyncReply::hasSynced);
        return client;
    }

    public static SyncClient open(RelayFixture relay, String user, UUID document) {
        return open(
                relay,
                user,
                SyncOpen.newBuilder().setDocumentId(document.toString()).build());
    }

    /** The refusal of a call that says these things. */
    public static ProblemCode refused(RelayFixture relay, String user, SyncRequest... said) {
        SyncClient client = new SyncClient();
        for (SyncRequest request : said) {
            client.requests.say(request);
        }
        Future<ReadStream<SyncReply>> call = relay.calling(user, service -> service.sync(client.requests));
        return ((Problem) Await.failure(call)).code();
    }

    /** By another way than the node's own services. */
    public static SyncClient open(
            Function<ReadStream<SyncRequest>, Future<ReadStream<SyncReply>>> call, UUID document) {
        SyncClient client = new SyncClient();
        client.requests.say(SyncRequest.newBuilder()
                .setOpen(SyncOpen.newBuilder().setDocumentId(document.toString()))
                .build());
        client.begin(Await.result(call.apply(client.requests)));
        client.await(SyncReply::hasSynced);
        return client;
    }

    private SyncClient() {
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                unsent.add(update);
            }
        });
    }

    private void begin(ReadStream<SyncReply> opened) {
        stream = opened;
        opened.exceptionHandler(cause -> failure = cause);
        opened.endHandler(none -> ended = true);
        opened.handler(this::received);
    }

    private synchronized void received(SyncReply reply) {
        replies.add(reply);
        switch (reply.getMessageCase()) {
            case MISSING -> doc.applyUpdate(reply.getMissing().toByteArray(), null);
            case UPDATE -> doc.applyUpdate(reply.getUpdate().toByteArray(), null);
            default -> {
                // Kept for those who ask.
            }
        }
    }

    /** What an insertion is as an update, without sending it. */
    public synchronized byte[] edit(String text) {
        doc.text("content").insert(0, text);
        return unsent.remove(0);
    }

    /** Types and sends it; the number of the edit. */
    public synchronized long insert(String text) {
        return sendUpdate(edit(text));
    }

    public synchronized long sendUpdate(byte[] update) {
        requests.say(SyncRequest.newBuilder()
                .setUpdate(SyncUpdate.newBuilder().setNumber(++number).setUpdate(ByteString.copyFrom(update)))
                .build());
        return number;
    }

    public void say(SyncRequest request) {
        requests.say(request);
    }

    /** Says that nothing more will be said. */
    public void hangUp() {
        requests.end();
    }

    public synchronized String text() {
        return doc.text("content").toString();
    }

    public synchronized List<SyncReply> replies() {
        return List.copyOf(replies);
    }

    public SyncReply opened() {
        return await(SyncReply::hasOpened);
    }

    public String id() {
        return opened().getOpened().getStreamId();
    }

    public SyncReply await(Predicate<SyncReply> kind) {
        Await.until("a reply of that kind", () -> replies().stream().anyMatch(kind));
        return replies().stream().filter(kind).findFirst().orElseThrow();
    }

    public void awaitText(String text) {
        Await.until("the text is: " + text, () -> text().equals(text));
    }

    public boolean awaitSaved(long edit) {
        return await(reply -> reply.hasSaved() && reply.getSaved().getNumber() == edit)
                .getSaved()
                .getSaved();
    }

    public ProblemCode awaitFailure() {
        Await.until("the stream has failed", () -> failure instanceof Problem);
        return failure instanceof Problem problem ? problem.code() : ProblemCode.INTERNAL;
    }

    public boolean isOpen() {
        return failure == null && !ended;
    }

    public void awaitEnd() {
        Await.until("the stream has ended", () -> ended);
    }

    public void stopReading() {
        if (stream != null) {
            stream.pause();
        }
    }

    public void close() {
        if (stream != null) {
            stream.handler(null);
        }
    }

    /** What is said, as fast as it is asked for. */
    private static final class Requests implements ReadStream<SyncRequest> {
        private final Queue<SyncRequest> waiting = new ArrayDeque<>();
        private @Nullable Handler<SyncRequest> handler;
        private @Nullable Handler<Void> ended;
        private long demand = Long.MAX_VALUE;
        private boolean over;

        synchronized void say(SyncRequest request) {
            waiting.add(request);
            flow();
        }

        synchronized void end() {
            over = true;
            flow();
        }

        private void flow() {
            while (handler != null && demand > 0 && !waiting.isEmpty()) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                handler.handle(waiting.remove());
            }
            if (over && waiting.isEmpty() && ended != null) {
                ended.handle(null);
                ended = null;
            }
        }

        @Override
        public synchronized Requests handler(@Nullable Handler<SyncRequest> reader) {
            handler = reader;
            flow();
            return this;
        }

        @Override
        public synchronized Requests pause() {
            demand = 0;
            return this;
        }

        @Override
        public Requests resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public synchronized Requests fetch(long amount) {
            demand = amount == Long.MAX_VALUE || demand == Long.MAX_VALUE ? Long.MAX_VALUE : demand + amount;
            flow();
            return this;
        }

        @Override
        public Requests exceptionHandler(@Nullable Handler<Throwable> reader) {
            return this;
        }

        @Override
        public synchronized Requests endHandler(@Nullable Handler<Void> reader) {
            ended = reader;
            return this;
        }
    }
}
