/** API: routes, guards and document metadata. */
@NullMarked
package ai.materi.gateway;

import org.jspecify.annotations.NullMarked;
