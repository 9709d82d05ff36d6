/** How content enters and leaves a live document: formats, the three-way merge, addressed edits and streamed typing. */
@NullMarked
package ai.materi.collab.content;

import org.jspecify.annotations.NullMarked;
