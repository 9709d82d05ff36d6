/** Registering, signing in, refreshing, leaving. */
@NullMarked
package ai.materi.auth.signin;

import org.jspecify.annotations.NullMarked;
