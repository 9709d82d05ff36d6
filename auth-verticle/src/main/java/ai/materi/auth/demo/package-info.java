/** The workspace that a developer finds on the first start. */
@NullMarked
package ai.materi.auth.demo;

import org.jspecify.annotations.NullMarked;
