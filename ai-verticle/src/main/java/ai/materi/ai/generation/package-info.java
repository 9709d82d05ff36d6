/** A generation from its request to its one terminal event. */
@NullMarked
package ai.materi.ai.generation;

import org.jspecify.annotations.NullMarked;
