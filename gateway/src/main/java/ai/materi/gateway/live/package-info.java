/** Live documents for clients without a socket: events one way, requests the other. */
@NullMarked
package ai.materi.gateway.live;

import org.jspecify.annotations.NullMarked;
