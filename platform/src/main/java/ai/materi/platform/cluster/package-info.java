/** The bus that joins nodes, when there is more than one. */
@NullMarked
package ai.materi.platform.cluster;

import org.jspecify.annotations.NullMarked;
