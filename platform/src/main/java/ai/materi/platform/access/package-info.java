/** Who is who, and the news that somebody may no longer. */
@NullMarked
package ai.materi.platform.access;

import org.jspecify.annotations.NullMarked;
