package dev.chrysalis.redis.agent.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AofScannerTest {
  /// Commands of chance, and the positions at which they may be cut.
  private static final class Written {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<Integer> boundaries = new ArrayList<>(List.of(0));
    boolean inMulti;

    Written(long seed) {
      Random random = new Random(seed);
      for (int i = 0; i < 60; i++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            if (!inMulti) {
              inMulti = true;
              command("MULTI".getBytes(UTF_8));
            }
          }
          case 1 -> {
            if (inMulti) {
              inMulti = false;
              command("exec".getBytes(UTF_8));
            }
          }
          case 2 -> note("#TS:" + (1_700_000_000 + i) + "\r\n");
          default -> {
            byte[] value = new byte[random.nextInt(300)];
            random.nextBytes(value);
            command("SET".getBytes(UTF_8), ("k" + i).getBytes(UTF_8), value);
          }
        }
      }
    }

    private void note(String text) {
      bytes.writeBytes(text.getBytes(UTF_8));
      mayCut();
    }

    private void command(byte[]... arguments) {
      bytes.writeBytes(("*" + arguments.length + "\r\n").getBytes(UTF_8));
      for (byte[] argument : arguments) {
        bytes.writeBytes(("$" + argument.length + "\r\n").getBytes(UTF_8));
        bytes.writeBytes(argument);
        bytes.writeBytes("\r\n".getBytes(UTF_8));
      }
      mayCut();
    }

    private void mayCut() {
      if (!inMulti) {
        boundaries.add(bytes.size());
      }
    }

    int boundaryAt(int position) {
      return boundaries.stream().filter(b -> b <= position).mapToInt(b -> b).max().orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theBoundaryIsTheSameHoweverTheBytesCome(long seed) {
    Written written = new Written(seed);
    byte[] all = written.bytes.toByteArray();
    Random random = new Random(seed);
    AofScanner scanner = new AofScanner(0);
    for (int at = 0; at < all.length; ) {
      int step = Math.min(all.length - at, random.nextInt(1, 40));
      scanner.feed(ByteBuffer.wrap(all, at, step));
      at += step;
      assertThat(scanner.damage()).isEmpty();
      assertThat(scanner.position()).isEqualTo(at);
      assertThat(scanner.boundary()).isEqualTo(written.boundaryAt(at));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void damagedContentIsNeverReadPastItsOwnEndAndNoBoundaryIsMadeUpBeforeIt(long seed) {
    Written written = new Written(seed);
    byte[] all = written.bytes.toByteArray();
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      byte[] spoilt = Arrays.copyOf(all, random.nextInt(1, all.length));
      int where = random.nextInt(spoilt.length);
      spoilt[where] = (byte) random.nextInt();
      AofScanner scanner = new AofScanner(0);
      scanner.feed(ByteBuffer.wrap(spoilt));
      assertThat(scanner.boundary()).isLessThanOrEqualTo(scanner.position());
      assertThat(scanner.position()).isLessThanOrEqualTo(spoilt.length);
      assertThat(scanner.boundary())
          .isGreaterThanOrEqualTo(Math.min(written.boundaryAt(where), scanner.position()));
    }
  }

  @Test
  void aStampSaysWhenWhatFollowsWasWritten() {
    AofScanner scanner = new AofScanner(7);
    scanner.feed(ByteBuffer.wrap("#TS:1700000000\r\n*1\r\n$4\r\nPING\r\n".getBytes(UTF_8)));
    assertThat(scanner.written()).contains(Instant.ofEpochSecond(1_700_000_000));
    assertThat(scanner.commands()).isEqualTo(1);
    assertThat(scanner.boundary()).isEqualTo(scanner.position()).isGreaterThan(7);
  }

  @Test
  void whatIsNoCommandIsDamageWithItsPlace() {
    AofScanner scanner = new AofScanner(100);
    scanner.feed(ByteBuffer.wrap("*1\r\n$4\r\nPING\r\nxyz".getBytes(UTF_8)));
    assertThat(scanner.damage()).contains("a command begins with byte 78 instead of *, at 114");
    assertThat(scanner.boundary()).isEqualTo(114);
  }
}
