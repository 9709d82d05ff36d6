/** One user let into one document. */
@NullMarked
package ai.materi.auth.grants;

import org.jspecify.annotations.NullMarked;
