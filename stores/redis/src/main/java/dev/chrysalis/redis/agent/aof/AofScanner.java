package dev.chrysalis.redis.agent.aof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the commands of an append-only file as its bytes come, in steps of any size, and knows
/// where it may be cut.
///
/// 1. A command is `*N`, then N arguments `$LENGTH` and as many bytes, each line ended by CR LF.
/// 2. A line `#…` between two commands is a note; `#TS:SECONDS` says when what follows was written.
/// 3. A boundary lies between two commands, and not between MULTI and its EXEC.
/// 4. At the first byte that cannot belong there reading ends for good (`damage`).
///
/// Properties: the boundary never lies behind what was read; a constant amount of memory, whatever
/// is read. For one thread.
public final class AofScanner {
  private static final int LONGEST_LINE = 64;
  private static final long MOST_ARGUMENTS = 1L << 31;
  private static final long LONGEST_ARGUMENT = 1L << 40;
  private static final int LONGEST_WORD = 5;

  private final byte[] line = new byte[LONGEST_LINE];
  private int lineLength;
  private Expect expect = Expect.START;
  private long position;
  private long boundary;
  private long commands;
  private long argumentsLeft;
  private long bytesLeft;
  private boolean firstArgument;
  private boolean inMulti;
  private final StringBuilder word = new StringBuilder();
  private @Nullable Instant written;
  private @Nullable String damage;

  private enum Expect {
    START,
    COUNT,
    NOTE,
    LENGTH,
    CONTENT,
    CONTENT_END
  }

  /// @param position of the first byte that will come; a boundary
  public AofScanner(long position) {
    this.position = position;
    this.boundary = position;
  }

  /// Reads all bytes, or those up to where the damage is.
  public void feed(ByteBuffer bytes) {
    while (bytes.hasRemaining() && damage == null) {
      if (expect == Expect.CONTENT) {
        content(bytes);
      } else {
        position++;
        step(bytes.get());
      }
    }
  }

  /// The position behind all that was read.
  public long position() {
    return position;
  }

  /// The newest position at which the log may be cut.
  public long boundary() {
    return boundary;
  }

  /// How many commands were complete at the boundary.
  public long commands() {
    return commands;
  }

  /// What the newest `#TS:` said, where there was one.
  public Optional<Instant> written() {
    return Optional.ofNullable(written);
  }

  /// Why reading ended; empty while all is well. Cut content is not damage.
  public Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  private void step(byte b) {
    switch (expect) {
      case START -> start(b);
      case COUNT, NOTE, LENGTH -> inLine(b);
      case CONTENT_END -> contentEnd(b);
      case CONTENT -> throw new IllegalStateException("content is read as a whole");
    }
  }

  private void start(byte b) {
    lineLength = 0;
    switch (b) {
      case '*' -> expect = Expect.COUNT;
      case '#' -> expect = Expect.NOTE;
      default -> spoil("a command begins with %s instead of *".formatted(shown(b)));
    }
  }

  private void inLine(byte b) {
    if (expect == Expect.LENGTH && lineLength == 0 && b != '$') {
      spoil("an argument begins with %s instead of $".formatted(shown(b)));
    } else if (b == '\n' && lineLength > 0 && line[lineLength - 1] == '\r') {
      endLine(new String(line, 0, lineLength - 1, US_ASCII));
    } else if (lineLength < LONGEST_LINE) {
      line[lineLength++] = b;
    } else if (expect == Expect.NOTE) {
      // Only its end matters of a note that is longer than those we know.
      line[LONGEST_LINE - 1] = b;
    } else {
      spoil("a line does not end");
    }
  }

  private void endLine(String text) {
    lineLength = 0;
    switch (expect) {
      case NOTE -> note(text);
      case COUNT -> {
        argumentsLeft = number(text, MOST_ARGUMENTS);
        firstArgument = true;
        word.setLength(0);
        if (argumentsLeft == 0) {
          spoil("a command without a name");
        }
        expect = Expect.LENGTH;
      }
      case LENGTH -> {
        bytesLeft = number(text.substring(1), LONGEST_ARGUMENT);
        expect = bytesLeft > 0 ? Expect.CONTENT : Expect.CONTENT_END;
      }
      case START, CONTENT, CONTENT_END -> throw new IllegalStateException(text);
    }
  }

  private void note(String text) {
    if (text.startsWith("TS:")) {
      try {
        written = Instant.ofEpochSecond(Long.parseLong(text.substring(3)));
      } catch (NumberFormatException | java.time.DateTimeException e) {
        // A note that we do not understand changes nothing.
        written = null;
      }
    }
    expect = Expect.START;
    settle();
  }

  private void content(ByteBuffer bytes) {
    int count = (int) Math.min(bytesLeft, bytes.remaining());
    if (firstArgument) {
      for (int i = 0; i < count && word.length() <= LONGEST_WORD; i++) {
        word.append((char) (bytes.get(bytes.position() + i) & 0xFF));
      }
    }
    bytes.position(bytes.position() + count);
    position += count;
    bytesLeft -= count;
    if (bytesLeft == 0) {
      expect = Expect.CONTENT_END;
    }
  }

  private void contentEnd(byte b) {
    if (lineLength == 0 && b == '\r') {
      line[lineLength++] = b;
    } else if (lineLength == 1 && b == '\n') {
      lineLength = 0;
      endArgument();
    } else {
      spoil("%s behind an argument instead of the line's end".formatted(shown(b)));
    }
  }

  private void endArgument() {
    firstArgument = false;
    argumentsLeft--;
    if (argumentsLeft > 0) {
      expect = Expect.LENGTH;
      return;
    }
    switch (word.toString().toLowerCase(Locale.ROOT)) {
      case "multi" -> inMulti = true;
      case "exec" -> inMulti = false;
      default -> {}
    }
    commands++;
    expect = Expect.START;
    settle();
  }

  private void settle() {
    if (!inMulti) {
      boundary = position;
    }
  }

  private long number(String text, long most) {
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    spoil("not a length: " + text.replaceAll("[^0-9 -]", "?"));
    return 1;
  }

  private void spoil(String what) {
    damage = what + ", at " + (position - 1);
  }

  private static String shown(byte b) {
    return "byte %02x".formatted(b);
  }
}
