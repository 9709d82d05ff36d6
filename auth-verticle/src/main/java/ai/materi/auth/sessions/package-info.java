/** Sessions and their rotating refresh tokens: the truth about who is signed in. */
@NullMarked
package ai.materi.auth.sessions;

import org.jspecify.annotations.NullMarked;
