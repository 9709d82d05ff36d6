/** Facts: outbox, streams and their consumers. */
@NullMarked
package ai.materi.platform.events;

import org.jspecify.annotations.NullMarked;
