/** What an operator is shown of the documents that are live on this node. */
@NullMarked
package ai.materi.collab.operator;

import org.jspecify.annotations.NullMarked;
