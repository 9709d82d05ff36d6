package ai.materi.gateway.page;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One file of the page, in memory.
 *
 * @param gzipped null when compressing it does not pay
 * @param hashed whether its name changes with its content, so that it may be kept for good
 */
record PageFile(String mediaType, Buffer bytes, @Nullable Buffer gzipped, String etag, boolean hashed) {}
