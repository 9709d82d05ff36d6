/** Signed access tokens and the keys that sign them. */
@NullMarked
package ai.materi.auth.tokens;

import org.jspecify.annotations.NullMarked;
