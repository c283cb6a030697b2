package dev.chrysalis.platform.process;

import dev.chrysalis.platform.process.wire.Json;
import dev.chrysalis.platform.process.wire.LineReader;
import dev.chrysalis.platform.process.wire.Reply;
import dev.chrysalis.platform.process.wire.Request;
import dev.chrysalis.platform.process.wire.SocketPlace;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One request and its replies. Replies are read on a virtual thread, so that a supervisor which
/// hangs can be given up on, and so that an interrupt is heard.
final class SupervisorConnection implements AutoCloseable {
  private static final int LONGEST_REPLY = 16 << 20;
  private static final int AHEAD = 64;

  private final SocketChannel channel;
  private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(AHEAD);

  private sealed interface Heard {
    record Said(Reply reply) implements Heard {}

    record Ended(String why) implements Heard {}
  }

  private SupervisorConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static SupervisorConnection open(Path stateDirectory, Request request) throws IOException {
    Optional<UnixDomainSocketAddress> address = new SocketPlace(stateDirectory).find();
    if (address.isEmpty()) {
      throw new IOException("no supervisor was started for " + stateDirectory);
    }
    SocketChannel channel = SocketChannel.open(address.get());
    try {
      ByteBuffer line = ByteBuffer.wrap(Json.line(request));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    var connection = new SupervisorConnection(channel);
    Thread.ofVirtual().name("supervisor-replies").start(connection::listen);
    return connection;
  }

  /// The next reply; an `IOException` where the connection ended or nothing came in time.
  Reply next(Duration patience) throws IOException, InterruptedException {
    Heard next = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new IOException("the supervisor said nothing for " + patience.toSeconds() + " s");
    }
    return switch (next) {
      case Heard.Said(Reply reply) -> reply;
      case Heard.Ended(String why) -> throw new IOException(why);
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
    heard.clear();
  }

  private void listen() {
    try {
      var lines = new LineReader(Channels.newInputStream(channel), LONGEST_REPLY);
      try {
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
          hear(new Heard.Said(Json.read(line.get(), Reply.class)));
        }
        hear(new Heard.Ended("the supervisor closed the connection"));
      } catch (IOException e) {
        hear(new Heard.Ended("the connection to the supervisor broke: " + e.getMessage()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(Heard next) throws InterruptedException {
    while (!heard.offer(next, 1, TimeUnit.SECONDS)) {
      if (!channel.isOpen()) {
        return;
      }
    }
  }
}
