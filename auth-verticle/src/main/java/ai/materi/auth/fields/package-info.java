/** The syntax and the bounds of every field that comes in from outside. */
@NullMarked
package ai.materi.auth.fields;

import org.jspecify.annotations.NullMarked;
