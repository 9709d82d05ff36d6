/** The gRPC port, and the contracts that a node offers and calls. */
@NullMarked
package ai.materi.platform.grpc;

import org.jspecify.annotations.NullMarked;
