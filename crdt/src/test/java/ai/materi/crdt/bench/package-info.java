/** The benchmark of the engine, beside yjs and ywasm on the same bytes; started by {@code ./materi bench crdt}. */
@NullMarked
package ai.materi.crdt.bench;

import org.jspecify.annotations.NullMarked;
