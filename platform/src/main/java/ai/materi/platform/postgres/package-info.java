/** PostgreSQL: roles, migrations, pools and tenant transactions. */
@NullMarked
package ai.materi.platform.postgres;

import org.jspecify.annotations.NullMarked;
