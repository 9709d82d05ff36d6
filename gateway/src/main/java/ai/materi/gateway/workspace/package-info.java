/** Workspaces and their members over REST; Shield decides. */
@NullMarked
package ai.materi.gateway.workspace;

import org.jspecify.annotations.NullMarked;
