/// The write-ahead log near the data: shipped to the vault as it is written, read back when a
/// server recovers.
@NullMarked
package dev.chrysalis.postgres.agent.wal;

import org.jspecify.annotations.NullMarked;
