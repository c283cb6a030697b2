package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.process.wire.LineReader;
import dev.chrysalis.platform.process.wire.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Runs the agent beside a member and passes on what it prints. When the client goes away, the
/// process is not ended: its output is closed, so that it ends when it next prints, unless it has
/// detached from it.
final class AgentExec {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int ERRORS_KEPT = 8_192;
  private static final Duration BEAT = Duration.ofSeconds(4);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Programs programs;
  private final Set<Long> awaited = ConcurrentHashMap.newKeySet();

  AgentExec(Programs programs) {
    this.programs = programs;
  }

  /// Where the replies go. Throws when the client is gone.
  interface Replies {
    void send(Reply reply) throws IOException;
  }

  /// Whether a client waits for this process.
  boolean awaits(long pid) {
    return awaited.contains(pid);
  }

  void run(MemberId member, Wanted wanted, List<String> arguments, Replies replies)
      throws IOException {
    if (wanted.spec().agent().isEmpty()) {
      throw new ChrysalisException(
          PlatformErrors.EXEC_FAILED,
          wanted.spec().name() + " has no agent",
          "Give the workload an agent's command.");
    }
    Process process = start(member, wanted, arguments);
    awaited.add(process.pid());
    try {
      attend(process, replies);
    } finally {
      awaited.remove(process.pid());
      process.getInputStream().close();
      process.getErrorStream().close();
    }
  }

  private Process start(MemberId member, Wanted wanted, List<String> arguments) {
    try {
      return programs.startAgent(member, wanted, arguments);
    } catch (IOException e) {
      throw new ChrysalisException(
          PlatformErrors.EXEC_FAILED,
          "could not start the agent of " + member + ": " + e.getMessage(),
          "Check the agent's command in the workload's specification.",
          e);
    }
  }

  private static void attend(Process process, Replies replies) throws IOException {
    var errors = new Tail(ERRORS_KEPT);
    Thread lines = Thread.ofVirtual().start(() -> pass(process.getInputStream(), replies));
    Thread complaints = Thread.ofVirtual().start(() -> errors.drain(process.getErrorStream()));
    try {
      while (!process.waitFor(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        replies.send(new Reply.Beat());
      }
      // A detached child may hold the pipes open for ever.
      var _ = lines.join(LAST_WORDS) && complaints.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    replies.send(new Reply.Exit(process.exitValue(), errors.text()));
  }

  private static void pass(InputStream output, Replies replies) {
    try {
      var reader = new LineReader(output, LONGEST_LINE);
      for (Optional<byte[]> line = reader.next(); line.isPresent(); line = reader.next()) {
        replies.send(new Reply.Line(new String(line.get(), StandardCharsets.UTF_8)));
      }
    } catch (IOException _) {
      // The client is gone: nobody reads on, and the process learns it when it next prints.
      closeQuietly(output);
    }
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException _) {
      // A pipe that cannot be closed is closed already.
      return;
    }
  }

  /// The end of what was written to a stream.
  private static final class Tail {
    private final byte[] kept;
    private long written;

    Tail(int size) {
      this.kept = new byte[size];
    }

    void drain(InputStream stream) {
      byte[] piece = new byte[1024];
      try {
        for (int n = stream.read(piece); n >= 0; n = stream.read(piece)) {
          add(piece, n);
        }
      } catch (IOException _) {
        closeQuietly(stream);
      }
    }

    synchronized String text() {
      int length = (int) Math.min(written, kept.length);
      byte[] text = new byte[length];
      for (int i = 0; i < length; i++) {
        text[i] = kept[(int) ((written - length + i) % kept.length)];
      }
      return new String(text, StandardCharsets.UTF_8).strip();
    }

    private synchronized void add(byte[] piece, int n) {
      for (int i = 0; i < n; i++) {
        kept[(int) (written % kept.length)] = piece[i];
        written++;
      }
    }
  }
}
