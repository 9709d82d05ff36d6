/** The benchmark of the REST interface: a load generator, the node that it measures, and a bare server to compare with. */
@NullMarked
package ai.materi.gateway.bench;

import org.jspecify.annotations.NullMarked;
