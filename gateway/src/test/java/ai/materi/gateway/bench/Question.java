package ai.materi.gateway.bench;

import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;

/**
 * What is asked of a server again and again.
 *
 * @param status of a right answer
 * @param next the next request, as it goes over the wire
 */
record Question(String name, int status, Supplier<Buffer> next) {}
