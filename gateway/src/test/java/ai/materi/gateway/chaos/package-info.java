/** The fault bench: nodes, services and editors that write while something is broken, and a checker of what is left. */
@NullMarked
package ai.materi.gateway.chaos;

import org.jspecify.annotations.NullMarked;
