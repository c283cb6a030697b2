/// Cassandra rings as recovery sees them.
@NullMarked
package dev.chrysalis.recovery.cassandra;

import org.jspecify.annotations.NullMarked;
