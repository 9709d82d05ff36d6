/** On whose behalf something runs, and until when. */
@NullMarked
package ai.materi.platform.call;

import org.jspecify.annotations.NullMarked;
