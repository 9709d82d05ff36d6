/** Server-sent events (HTML standard, 9.2): how they are written, to clients that read slowly or leave. */
@NullMarked
package ai.materi.gateway.sse;

import org.jspecify.annotations.NullMarked;
