/** A request from its first byte to its answer: routes, guards, strict bodies, conditional requests, problem documents. */
@NullMarked
package ai.materi.gateway.http;

import org.jspecify.annotations.NullMarked;
