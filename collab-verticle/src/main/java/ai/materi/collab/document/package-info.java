/** Which document is meant, and what somebody may do in it. */
@NullMarked
package ai.materi.collab.document;

import org.jspecify.annotations.NullMarked;
