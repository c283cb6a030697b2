/// PostgreSQL datastores as recovery sees them.
@NullMarked
package dev.chrysalis.recovery.postgres;

import org.jspecify.annotations.NullMarked;
