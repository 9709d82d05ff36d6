/** The one HTTP server of a node, and its operator port. */
@NullMarked
package ai.materi.platform.http;

import org.jspecify.annotations.NullMarked;
