/** Short-lived opaque tickets for sockets and event streams. */
@NullMarked
package ai.materi.auth.tickets;

import org.jspecify.annotations.NullMarked;
