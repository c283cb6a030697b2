/// What the vault holds of Redis: bases, the command log behind them, and the moments that they
/// reach.
@NullMarked
package dev.chrysalis.redis.archive;

import org.jspecify.annotations.NullMarked;
