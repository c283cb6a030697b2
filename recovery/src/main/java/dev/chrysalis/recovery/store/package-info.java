/// Datastores as recovery sees them, whatever kind they are.
@NullMarked
package dev.chrysalis.recovery.store;

import org.jspecify.annotations.NullMarked;
