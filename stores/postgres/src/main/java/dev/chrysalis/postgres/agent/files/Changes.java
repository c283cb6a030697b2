package dev.chrysalis.postgres.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What an in-place restore does to a data directory. All of it goes through here, so that one
/// place decides how it can be taken back. Paths are relative to the data directory. A change may
/// wait until `flush`; changes are made in their order. Safe for many threads.
interface Changes extends AutoCloseable {
  /// Takes the control file away, durably, before anything else is changed: from then on no server
  /// starts. May be repeated by an attempt that goes on.
  void removeControlFile() throws IOException;

  /// Takes away a file, a link, or a directory with all that is in it.
  void remove(String path) throws IOException;

  /// Says that something will be created by others where nothing is; call `flush` before it is.
  void creates(String path) throws IOException;

  void makeDirectory(String path, int mode) throws IOException;

  void makeLink(String path, String target) throws IOException;

  void setMode(String path, int mode) throws IOException;

  /// Gives a file another size; what is new of it is zeros.
  void resize(String path, long size) throws IOException;

  /// Overwrites a stretch of a file.
  ///
  /// @param old what is there now; as long as `fresh`
  void overwrite(String path, long position, ByteBuffer fresh, ByteBuffer old) throws IOException;

  /// Returns when all changes are made (though perhaps not yet durable).
  void flush() throws IOException;

  @Override
  void close() throws IOException;
}
