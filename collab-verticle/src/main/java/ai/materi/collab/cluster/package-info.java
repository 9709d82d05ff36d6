/** How rooms of one document on several nodes keep up with each other faster than through the log. */
@NullMarked
package ai.materi.collab.cluster;

import org.jspecify.annotations.NullMarked;
