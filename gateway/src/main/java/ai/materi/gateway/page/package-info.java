/** The files of the web application. */
@NullMarked
package ai.materi.gateway.page;

import org.jspecify.annotations.NullMarked;
