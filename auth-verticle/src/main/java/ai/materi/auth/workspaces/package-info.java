/** Workspaces and their members. */
@NullMarked
package ai.materi.auth.workspaces;

import org.jspecify.annotations.NullMarked;
