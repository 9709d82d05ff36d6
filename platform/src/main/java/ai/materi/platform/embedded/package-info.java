/** PostgreSQL and Redis as children of this process: started, awaited, and never outliving it. */
@NullMarked
package ai.materi.platform.embedded;

import org.jspecify.annotations.NullMarked;
