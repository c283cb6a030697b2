package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.archive.BaseFacts;
import java.util.Optional;

/// The part of the server's files that is a base.
///
/// @param file empty where the log begins with nothing before it
/// @param length how many bytes of it from its beginning on
record BasePart(Optional<OpenFile> file, long length, BaseFacts facts) implements AutoCloseable {
  @Override
  public void close() {
    file.ifPresent(OpenFile::close);
  }
}
