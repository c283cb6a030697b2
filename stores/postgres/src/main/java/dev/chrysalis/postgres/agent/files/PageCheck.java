package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// Verifies the pages of relations while they are copied. What has vanished or changes under the
/// copy's hands, the WAL tells a restored server.
record PageCheck(PageVerifier verifier) implements FileCopier.Check {
  @Override
  public void piece(FoundFile file, FileChannel channel, ByteBuffer content, long position)
      throws IOException {
    Optional<SkippedFiles.RelationFile> relation = SkippedFiles.relationAt(file.path());
    if (relation.isPresent()) {
      int firstBlock = relation.get().segment() * PageVerifier.PAGES_PER_SEGMENT;
      verifier.verify(channel, file.path(), content, position, firstBlock);
    }
  }
}
