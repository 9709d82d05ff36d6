/** What the database refuses, in the words of the contract. */
@NullMarked
package ai.materi.auth.faults;

import org.jspecify.annotations.NullMarked;
