/** Requests that may be sent twice and are carried out once. */
@NullMarked
package ai.materi.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
