/** People: their rows, their colours, their password hashes. */
@NullMarked
package ai.materi.auth.users;

import org.jspecify.annotations.NullMarked;
