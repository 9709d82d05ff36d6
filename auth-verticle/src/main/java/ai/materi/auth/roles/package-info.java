/** What a member may do, from reading to owning. */
@NullMarked
package ai.materi.auth.roles;

import org.jspecify.annotations.NullMarked;
