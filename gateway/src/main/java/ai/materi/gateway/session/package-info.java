/** Signing in and out over REST, for programs and for browsers. */
@NullMarked
package ai.materi.gateway.session;

import org.jspecify.annotations.NullMarked;
