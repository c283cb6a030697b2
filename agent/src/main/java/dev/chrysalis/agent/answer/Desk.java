package dev.chrysalis.agent.answer;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntBiFunction;

/// Answers questions for as long as its process runs, each in a thread of its own and with the
/// variables of who asks, so that an answer is the same as that of a process of its own. The socket
/// lies in the agent's own directory, private to its user.
public final class Desk implements AutoCloseable {
  private final ServerSocketChannel socket;
  private final Path file;
  private final AgentEnvironment environment;
  private final ToIntBiFunction<AgentEnvironment, List<String>> commands;

  private Desk(
      ServerSocketChannel socket,
      Path file,
      AgentEnvironment environment,
      ToIntBiFunction<AgentEnvironment, List<String>> commands) {
    this.socket = socket;
    this.file = file;
    this.environment = environment;
    this.commands = commands;
  }

  /// Opens a desk; empty where there cannot be one, or another process has one: then every question
  /// is answered by a process of its own, as ever.
  ///
  /// @param commands executes words in an environment; returns the exit code
  public static Optional<Desk> open(
      AgentEnvironment environment, ToIntBiFunction<AgentEnvironment, List<String>> commands) {
    Question none = new Question(List.of(), environment.variables());
    return none.desk().flatMap(f -> open(f, environment, commands));
  }

  private static Optional<Desk> open(
      Path file,
      AgentEnvironment environment,
      ToIntBiFunction<AgentEnvironment, List<String>> commands) {
    try {
      if (Files.exists(file) && isServed(file)) {
        return Optional.empty();
      }
      Files.deleteIfExists(file);
      ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      ServerSocketChannel _ = socket.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Desk desk = new Desk(socket, file, environment, commands);
      Thread.ofVirtual().name("answers").start(desk::serve);
      return Optional.of(desk);
    } catch (IOException | UnsupportedOperationException _) {
      return Optional.empty();
    }
  }

  private static boolean isServed(Path file) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      return channel.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException _) {
      return false;
    }
  }

  private void serve() {
    while (socket.isOpen()) {
      try {
        SocketChannel asker = socket.accept();
        Thread.ofVirtual().name("answer").start(() -> answer(asker));
      } catch (IOException _) {
        // Closed, or no descriptor is free: who is not answered does it itself.
        if (!socket.isOpen()) {
          return;
        }
      }
    }
  }

  private void answer(SocketChannel asker) {
    try (asker;
        DataInputStream in = new DataInputStream(Channels.newInputStream(asker));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(asker))) {
      out.writeByte(Question.HELLO);
      Question question = Question.read(in);
      if (!question.onlyLooks()) {
        return;
      }
      CountDownLatch done = new CountDownLatch(1);
      Thread pulse = Thread.ofVirtual().name("pulse").start(() -> beat(out, done));
      Answer answer;
      try {
        answer = execute(question);
      } finally {
        done.countDown();
        pulse.join();
      }
      answer.write(out);
    } catch (IOException _) {
      // The asker is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void beat(DataOutputStream out, CountDownLatch done) {
    try {
      while (!done.await(1, TimeUnit.SECONDS)) {
        out.writeByte(Question.ALIVE);
      }
    } catch (IOException _) {
      // The asker is gone, which the answer will find, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @param code the exit code
  private record Answer(int code, String out, String err) {
    void write(DataOutputStream to) throws IOException {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      DataOutputStream text = new DataOutputStream(whole);
      text.writeByte(Question.ANSWER);
      text.writeInt(code);
      Question.text(text, out);
      Question.text(text, err);
      to.write(whole.toByteArray());
    }
  }

  private Answer execute(Question question) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AgentEnvironment asked =
        new AgentEnvironment(
            question.variables(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment.clock(),
            environment.program());
    int code = commands.applyAsInt(asked, question.words());
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      socket.close();
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // A socket without a process is none.
    }
  }
}
