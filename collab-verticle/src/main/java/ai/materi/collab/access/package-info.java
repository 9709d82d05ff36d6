/** Who may open which document, asked of Shield at the door and again whenever that may have changed. */
@NullMarked
package ai.materi.collab.access;

import org.jspecify.annotations.NullMarked;
