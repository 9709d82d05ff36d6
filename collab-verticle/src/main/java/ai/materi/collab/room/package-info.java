/** Live documents: what one is made of, who is in it, and which event loop owns it. */
@NullMarked
package ai.materi.collab.room;

import org.jspecify.annotations.NullMarked;
