/** Failures with a stable code. */
@NullMarked
package ai.materi.platform.problem;

import org.jspecify.annotations.NullMarked;
