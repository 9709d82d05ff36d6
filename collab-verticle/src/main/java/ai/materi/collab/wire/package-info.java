/** The two wires at which editors arrive: Hocuspocus at {@code /collab} and y-websocket at {@code /yjs/{document_id}}. */
@NullMarked
package ai.materi.collab.wire;

import org.jspecify.annotations.NullMarked;
