/** Lists in pages, walked by key. */
@NullMarked
package ai.materi.auth.pages;

import org.jspecify.annotations.NullMarked;
