/** Shield: users, sessions, workspaces and grants. */
@NullMarked
package ai.materi.auth;

import org.jspecify.annotations.NullMarked;
