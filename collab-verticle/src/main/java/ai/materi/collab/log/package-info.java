/** The update log: what is committed, in which order; how it is read back and kept small. */
@NullMarked
package ai.materi.collab.log;

import org.jspecify.annotations.NullMarked;
