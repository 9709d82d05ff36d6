/** What is honest without a model: sentences, keywords and outlines that stand in the document. */
@NullMarked
package ai.materi.ai.extract;

import org.jspecify.annotations.NullMarked;
