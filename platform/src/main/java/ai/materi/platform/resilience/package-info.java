/** Retries with a bound, and circuit breakers around whatever leaves the process. */
@NullMarked
package ai.materi.platform.resilience;

import org.jspecify.annotations.NullMarked;
