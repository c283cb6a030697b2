package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.process.wire.Json;
import dev.chrysalis.platform.process.wire.LineReader;
import dev.chrysalis.platform.process.wire.Reply;
import dev.chrysalis.platform.process.wire.Request;
import dev.chrysalis.platform.process.wire.SocketPlace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Listens on the state directory's socket: a request and its replies per connection, each on a
/// virtual thread.
final class SocketServer implements AutoCloseable {
  private static final int LONGEST_REQUEST = 4 << 20;

  private static final long PAUSE_NANOS = 20_000_000;

  private final ServerSocketChannel listening;
  private final SocketPlace place;
  private final UnixDomainSocketAddress address;
  private final RequestDesk desk;

  private SocketServer(
      ServerSocketChannel listening,
      SocketPlace place,
      UnixDomainSocketAddress address,
      RequestDesk desk) {
    this.listening = listening;
    this.place = place;
    this.address = address;
    this.desk = desk;
  }

  static SocketServer open(SocketPlace place, RequestDesk desk) throws IOException {
    UnixDomainSocketAddress address = place.choose();
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(address);
    Files.setPosixFilePermissions(address.getPath(), PosixFilePermissions.fromString("rw-------"));
    var file = place.addressFile().resolveSibling("supervisor.address.tmp");
    Files.writeString(file, address.getPath() + "\n");
    Files.move(file, place.addressFile(), StandardCopyOption.ATOMIC_MOVE);
    return new SocketServer(listening, place, address, desk);
  }

  /// Serves until the server is closed.
  void serve() {
    while (listening.isOpen()) {
      try {
        SocketChannel client = listening.accept();
        Thread.ofVirtual().start(() -> attend(client));
      } catch (IOException _) {
        // Closed, the client is gone before it was accepted, or no descriptor is left for it.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    place.remove(address);
  }

  private void attend(SocketChannel client) {
    try (client) {
      var out = new BufferedOutputStream(Channels.newOutputStream(client));
      Optional<byte[]> line =
          new LineReader(Channels.newInputStream(client), LONGEST_REQUEST).next();
      if (line.isPresent()) {
        answer(line.get(), reply -> send(out, reply));
      }
    } catch (IOException _) {
      // The client went away. What it asked for is done or not; it will look.
      return;
    }
  }

  private void answer(byte[] line, AgentExec.Replies replies) throws IOException {
    try {
      desk.answer(Json.read(line, Request.class), replies);
    } catch (ChrysalisException e) {
      replies.send(
          new Reply.Refusal(
              e.code().number(), e.code().category(), String.valueOf(e.getMessage()), e.hint()));
    } catch (UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
      replies.send(
          new Reply.Refusal(
              PlatformErrors.UNREACHABLE.number(),
              PlatformErrors.UNREACHABLE.category(),
              "the supervisor could not do it: " + e,
              "See supervisor.log in the platform's state directory."));
    }
  }

  private static void send(OutputStream out, Reply reply) throws IOException {
    synchronized (out) {
      out.write(Json.line(reply));
      out.write('\n');
      out.flush();
    }
  }
}
