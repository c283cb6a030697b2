/// Redis datastores as recovery sees them.
@NullMarked
package dev.chrysalis.recovery.redis;

import org.jspecify.annotations.NullMarked;
