import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// What the benchmark needs and no command does; run from its source.
///
/// `damage PERCENT FILE...` overwrites so many of the files' pages with noise; the same ones each
/// time.
final class BenchTool {
  private static final int PAGE_BYTES = 8192;
  private static final long SEED = 42;

  private BenchTool() {}

  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "damage" -> damage(arguments);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void damage(String[] arguments) throws IOException {
    double share = Double.parseDouble(arguments[1]) / 100;
    Random random = new Random(SEED);
    byte[] noise = new byte[PAGE_BYTES];
    for (int i = 2; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        long pages = channel.size() / PAGE_BYTES;
        for (long page = 0; page < pages; page++) {
          if (random.nextDouble() < share) {
            random.nextBytes(noise);
            channel.write(ByteBuffer.wrap(noise), page * PAGE_BYTES);
          }
        }
      }
    }
  }
}
