package ai.materi.ai.generation;

import ai.materi.platform.call.CallContext;
import ai.materi.proto.ai.v1.WriteTarget;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.EndWritingRequest;
import ai.materi.proto.collab.v1.Quote;
import ai.materi.proto.collab.v1.WriteTextRequest;
import io.vertx.core.Future;

/**
 * An agent that types a generation's text into the live document as it comes. One call is under way at a time; what
 * arrives meanwhile goes with the next, so a slow document costs memory only up to the longest output.
 */
final class Typing {
    private final CollabService collab;
    private final CallContext caller;
    private final String writingId;
    private final StringBuilder waiting = new StringBuilder();
    private Future<Void> last = Future.succeededFuture();
    private boolean busy;

    private Typing(CollabService collab, CallContext caller, String writingId) {
        this.collab = collab;
        this.caller = caller;
        this.writingId = writingId;
    }

    static Future<Typing> begin(
            CollabService collab, CallContext caller, String documentId, String agentName, WriteTarget target) {
        BeginWritingRequest.Builder request =
                BeginWritingRequest.newBuilder().setDocumentId(documentId).setAgentName(agentName);
        switch (target.getPlaceCase()) {
            case AFTER_BLOCK -> request.setAfterBlock(target.getAfterBlock());
            case REPLACE_QUOTE -> request.setReplaceQuote(Quote.newBuilder().setExact(target.getReplaceQuote()));
            case END, PLACE_NOT_SET -> request.setEnd(true);
        }
        return caller.call(() -> collab.beginWriting(request.build()))
                .map(writing -> new Typing(collab, caller, writing.getWritingId()));
    }

    void type(String text) {
        waiting.append(text);
        if (!busy && !last.failed()) {
            busy = true;
            last = drain();
        }
    }

    private Future<Void> drain() {
        if (waiting.isEmpty()) {
            busy = false;
            return Future.succeededFuture();
        }
        WriteTextRequest request = WriteTextRequest.newBuilder()
                .setWritingId(writingId)
                .setText(waiting.toString())
                .build();
        waiting.setLength(0);
        return caller.call(() -> collab.writeText(request)).compose(reply -> drain());
    }

    /** All that was typed is committed, and the agent has left; fails when any of it could not be written. */
    Future<Void> end() {
        return settled()
                .eventually(() -> caller.call(() -> collab.endWriting(
                        EndWritingRequest.newBuilder().setWritingId(writingId).build())));
    }

    private Future<Void> settled() {
        return last.compose(done -> busy ? settled() : Future.succeededFuture());
    }
}
