/** {@code ./materi crdt}: looks into updates and works on them from a shell. */
@NullMarked
package ai.materi.crdt.tool;

import org.jspecify.annotations.NullMarked;
