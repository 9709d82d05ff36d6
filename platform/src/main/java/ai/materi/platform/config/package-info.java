/** Typed settings from conf/, checked once at boot. */
@NullMarked
package ai.materi.platform.config;

import org.jspecify.annotations.NullMarked;
