/** Which documents exist for whom, and what may be done with them. */
@NullMarked
package ai.materi.auth.documents;

import org.jspecify.annotations.NullMarked;
