/// Dumps that `pg_dump` made: looked through, and restored into a fresh cluster, all or nothing.
@NullMarked
package dev.chrysalis.postgres.agent.dump;

import org.jspecify.annotations.NullMarked;
