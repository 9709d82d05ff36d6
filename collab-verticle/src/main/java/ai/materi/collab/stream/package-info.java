/** Live documents on streams that are no sockets: messages both ways over gRPC, or one way with calls beside them. */
@NullMarked
package ai.materi.collab.stream;

import org.jspecify.annotations.NullMarked;
