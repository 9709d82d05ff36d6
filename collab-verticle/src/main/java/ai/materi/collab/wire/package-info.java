/** The two wires at which editors arrive: Hocuspocus at {@code /collab} and y-websocket at {@code /yjs/{document_id}} and {@code /yjs/{document_id}/{guid}}. */
@NullMarked
package ai.materi.collab.wire;

import org.jspecify.annotations.NullMarked;
