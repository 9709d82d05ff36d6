/** Aria: generation. */
@NullMarked
package ai.materi.ai;

import org.jspecify.annotations.NullMarked;
