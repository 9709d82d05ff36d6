/** How often a user, a workspace and an address may ask: one budget for all nodes, spent from short local leases. */
@NullMarked
package ai.materi.gateway.limit;

import org.jspecify.annotations.NullMarked;
