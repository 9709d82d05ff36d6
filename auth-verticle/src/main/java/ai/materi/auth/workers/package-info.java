/** Threads for work that would hold up an event loop. */
@NullMarked
package ai.materi.auth.workers;

import org.jspecify.annotations.NullMarked;
