/** The models that text comes from. */
@NullMarked
package ai.materi.ai.provider;

import org.jspecify.annotations.NullMarked;
