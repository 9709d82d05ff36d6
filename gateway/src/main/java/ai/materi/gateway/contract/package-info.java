/** The one file that describes the REST interface, as it is served. */
@NullMarked
package ai.materi.gateway.contract;

import org.jspecify.annotations.NullMarked;
