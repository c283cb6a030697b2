package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.volumes.FileSizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Changes that are made at once and cannot be taken back.
record FinalChanges(Path dataDirectory, PrivateFiles files) implements Changes {
  @Override
  public void removeControlFile() throws IOException {
    Path control = dataDirectory.resolve(ControlFile.PATH);
    Files.deleteIfExists(control);
    PrivateFiles.sync(PrivateFiles.parent(control));
  }

  @Override
  public void remove(String path) throws IOException {
    Path there = dataDirectory.resolve(path);
    if (Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(there, new LeftOvers(there));
    }
    Files.deleteIfExists(there);
  }

  @Override
  public void creates(String path) {}

  @Override
  public void makeDirectory(String path, int mode) throws IOException {
    files.directory(dataDirectory.resolve(path), mode);
  }

  @Override
  public void makeLink(String path, String target) throws IOException {
    Path link = dataDirectory.resolve(path);
    Files.createSymbolicLink(link, Path.of(target));
    files.own(link);
  }

  @Override
  public void setMode(String path, int mode) throws IOException {
    files.setMode(dataDirectory.resolve(path), mode);
  }

  @Override
  public void resize(String path, long size) throws IOException {
    FileSizes.set(dataDirectory.resolve(path), size);
  }

  @Override
  public void overwrite(String path, long position, ByteBuffer fresh, ByteBuffer old)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(dataDirectory.resolve(path), StandardOpenOption.WRITE)) {
      ByteBuffer bytes = fresh.duplicate();
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
