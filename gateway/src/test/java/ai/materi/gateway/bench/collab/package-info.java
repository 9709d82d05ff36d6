/**
 * The load of {@code ./materi bench collab}: editors on real sockets of the Hocuspocus wire, on one thread that costs little, since
 * what it takes is taken from the server beside it.
 */
@NullMarked
package ai.materi.gateway.bench.collab;

import org.jspecify.annotations.NullMarked;
