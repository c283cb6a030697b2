package dev.chrysalis.redis.agent.files;

import dev.chrysalis.redis.archive.BaseFacts;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/// What a volume is filled with.
///
/// @param mark what names it in the volume's mark
/// @param name what to call it in a message
/// @param logBytes how much of the log follows; 0 where the base stands alone
/// @param acl the content of an ACL file; empty where there is none
/// @param fallback the configuration that came with it; empty where none did
/// @param at the moment that it stands for; empty where that is not known
record RestoreContent(
    String mark,
    String name,
    BaseFacts.Format format,
    long baseBytes,
    Source base,
    long logBytes,
    Source log,
    Optional<byte[]> acl,
    Optional<RedisConfiguration> fallback,
    Optional<Instant> at) {
  /// Opens something to be read once.
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  long bytes() {
    return baseBytes + logBytes;
  }
}
