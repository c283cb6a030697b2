/// The controller half: what the state of Redis and its Sentinels means, and which steps bring it
/// back.
@NullMarked
package dev.chrysalis.redis.control;

import org.jspecify.annotations.NullMarked;
