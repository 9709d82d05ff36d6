package ai.materi.platform.grpc;

import io.vertx.core.streams.ReadStream;

/** A stream whose reader may leave before its end; whoever writes it is told and stops. */
public interface CancellableStream<T> extends ReadStream<T> {
    /** Ends the stream without a further item, end or failure. Doing it twice changes nothing. */
    void cancel();
}
