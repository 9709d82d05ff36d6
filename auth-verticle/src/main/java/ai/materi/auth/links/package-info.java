/** Links that let whoever holds one read one document without an account. */
@NullMarked
package ai.materi.auth.links;

import org.jspecify.annotations.NullMarked;
