/** What Shield tells others: facts in the outbox, and changes of access to every node. */
@NullMarked
package ai.materi.auth.news;

import org.jspecify.annotations.NullMarked;
