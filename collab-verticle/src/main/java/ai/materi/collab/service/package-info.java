/** CollabService: the live documents for everybody who is not at a socket. */
@NullMarked
package ai.materi.collab.service;

import org.jspecify.annotations.NullMarked;
