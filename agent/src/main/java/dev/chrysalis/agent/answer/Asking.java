package dev.chrysalis.agent.answer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Asks the desk of an agent that runs beside the same member. What is not answered, wholly and in
/// time, was not asked: whoever called does it itself.
public final class Asking {
  private static final Duration FOR_HELLO = Duration.ofMillis(500);
  private static final Duration FOR_MORE = Duration.ofSeconds(5);

  private Asking() {}

  /// Prints the answer and returns its exit code; empty where nobody answered, with nothing
  /// printed.
  public static OptionalInt ask(
      Map<String, String> variables, List<String> words, PrintStream out, PrintStream err) {
    Question question = new Question(words, variables);
    Path desk = question.onlyLooks() ? question.desk().orElse(null) : null;
    if (desk == null || !Files.exists(desk)) {
      return OptionalInt.empty();
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      // A halted process takes no calls: once its queue is full, a connect would wait for ever.
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(desk))) {
        return OptionalInt.empty();
      }
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      Bounded in = new Bounded(channel, selector);
      if (in.read() != Question.HELLO) {
        return OptionalInt.empty();
      }
      in.patience = FOR_MORE;
      send(channel, key, selector, question);
      return OptionalInt.of(print(new DataInputStream(in), out, err));
    } catch (IOException | UnsupportedOperationException _) {
      // There is nobody, or nobody who could: a process of one's own always can.
      return OptionalInt.empty();
    }
  }

  private static void send(
      SocketChannel channel, SelectionKey key, Selector selector, Question question)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    question.write(new DataOutputStream(bytes));
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
    key.interestOps(SelectionKey.OP_WRITE);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0 && selector.select(FOR_MORE.toMillis()) == 0) {
        throw new IOException("the desk does not listen");
      }
      selector.selectedKeys().clear();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  private static int print(DataInputStream in, PrintStream out, PrintStream err)
      throws IOException {
    byte said = in.readByte();
    while (said == Question.ALIVE) {
      said = in.readByte();
    }
    int code = in.readInt();
    String answer = Question.text(in);
    String trouble = Question.text(in);
    out.print(answer);
    out.flush();
    err.print(trouble);
    err.flush();
    return code;
  }

  /// Reads with a limit to each wait.
  private static final class Bounded extends InputStream {
    private final SocketChannel channel;
    private final Selector selector;
    private Duration patience = FOR_HELLO;

    Bounded(SocketChannel channel, Selector selector) {
      this.channel = channel;
      this.selector = selector;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
      int read = channel.read(buffer);
      while (read == 0 && length > 0) {
        if (selector.select(patience.toMillis()) == 0) {
          throw new IOException("the desk is silent");
        }
        selector.selectedKeys().clear();
        read = channel.read(buffer);
      }
      return read;
    }
  }
}
