/** Redis: one client, its health and its subscriptions. */
@NullMarked
package ai.materi.platform.redis;

import org.jspecify.annotations.NullMarked;
