/** The engine: a CRDT in pure Java that speaks the update format of Yjs 13. */
@NullMarked
package ai.materi.crdt;

import org.jspecify.annotations.NullMarked;
