/** Who wrote what in a document, and when. */
@NullMarked
package ai.materi.collab.history;

import org.jspecify.annotations.NullMarked;
