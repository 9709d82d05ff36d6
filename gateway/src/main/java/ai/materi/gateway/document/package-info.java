/** Documents: metadata and tree, content, edits and grants, over REST and gRPC. */
@NullMarked
package ai.materi.gateway.document;

import org.jspecify.annotations.NullMarked;
