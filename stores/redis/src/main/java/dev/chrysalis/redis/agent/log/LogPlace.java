package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.agent.aof.AofScanner;
import dev.chrysalis.vault.LogName;
import java.util.Optional;

/// Where in which log the shipping goes on.
///
/// @param files the first holds the next byte
/// @param offset of that byte in it
/// @param scanner has read everything before it since some boundary; it knows the position
/// @param base of a log that begins here
record LogPlace(
    LogName log, FollowedFiles files, long offset, AofScanner scanner, Optional<BasePart> base)
    implements AutoCloseable {
  long position() {
    return scanner.position();
  }

  @Override
  public void close() {
    files.close();
  }
}
