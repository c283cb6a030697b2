/// The commands of a Redis server near the data: bases and the append-only file, shipped to the
/// vault.
@NullMarked
package dev.chrysalis.redis.agent.log;

import org.jspecify.annotations.NullMarked;
