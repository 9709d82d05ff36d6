/** Metrics, traces and logs. */
@NullMarked
package ai.materi.platform.telemetry;

import org.jspecify.annotations.NullMarked;
