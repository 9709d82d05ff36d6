/** Versions: states of documents that are kept. */
@NullMarked
package ai.materi.collab.version;

import org.jspecify.annotations.NullMarked;
