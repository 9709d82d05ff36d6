/** The bytes of both wires: lib0's variable-length integers and strings, and the messages made of them. */
@NullMarked
package ai.materi.collab.frame;

import org.jspecify.annotations.NullMarked;
