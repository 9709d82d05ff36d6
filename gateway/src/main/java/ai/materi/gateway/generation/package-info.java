/** Generations over REST and server-sent events; Aria generates. */
@NullMarked
package ai.materi.gateway.generation;

import org.jspecify.annotations.NullMarked;
