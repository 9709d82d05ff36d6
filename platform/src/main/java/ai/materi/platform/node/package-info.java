/** What a node is made of: the parts that every verticle is given, how they start and how they end. */
@NullMarked
package ai.materi.platform.node;

import org.jspecify.annotations.NullMarked;
