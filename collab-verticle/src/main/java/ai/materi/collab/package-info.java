/** Relay: live documents. */
@NullMarked
package ai.materi.collab;

import org.jspecify.annotations.NullMarked;
