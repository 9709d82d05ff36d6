/** Pages of lists. */
@NullMarked
package ai.materi.collab.page;

import org.jspecify.annotations.NullMarked;
