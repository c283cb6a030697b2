package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Tells a server how to replay its commit log at its next start.
///
/// 1. Up to which moment: a file `commitlog_archiving.properties` on its class path
///    (`CASSANDRA_CONF`). What carries a later write timestamp is passed over; clients may set
///    those. The server reads it at each start, and would pass over its own later writes. A file of
///    somebody else is set aside meanwhile.
/// 2. Over a change of the schema: it passes over writes that do not fit the tables that it knows,
///    where it would not start otherwise (`StartOptions`). They are named in its log.
///
/// Both are removed once it has started, and only what was written here is ever removed.
///
/// @param configuration the folder of the server's configuration
/// @param moment empty for a replay to the end
/// @param overChange whether the schema may have changed before the end of what is replayed
public record ReplaySettings(Path configuration, Optional<Instant> moment, boolean overChange) {
  private static final String PASS_OVER = "-Dcassandra.commitlog.ignorereplayerrors=true";
  private static final String FILE = "commitlog_archiving.properties";
  private static final String BEFORE = FILE + ".chrysalis-before";
  private static final String OURS = "# Written by Chrysalis for one start of the server.\n";
  private static final int FILE_MODE = 0644;
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// Makes the configuration say that. May be repeated, also with another moment.
  void apply() {
    remove(configuration);
    if (overChange) {
      new StartOptions(configuration).apply(List.of(PASS_OVER));
    }
    moment.ifPresent(this::endAt);
  }

  private void endAt(Instant end) {
    Path file = configuration.resolve(FILE);
    try {
      PrivateFiles files = PrivateFiles.like(configuration);
      if (Files.exists(file) && !isOurs(file)) {
        files.rename(file, configuration.resolve(BEFORE));
      }
      String text =
          OURS + "restore_point_in_time=%s\nprecision=MICROSECONDS\n".formatted(FORM.format(end));
      files.replace(file, text.getBytes(StandardCharsets.UTF_8), FILE_MODE);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// Takes away what was written, and puts back what was there before. May be repeated.
  public static void remove(Path configuration) {
    StartOptions options = new StartOptions(configuration);
    if (options.has(PASS_OVER)) {
      options.remove();
    }
    Path file = configuration.resolve(FILE);
    Path before = configuration.resolve(BEFORE);
    try {
      if (Files.exists(file) && !isOurs(file)) {
        return;
      }
      Files.deleteIfExists(file);
      if (Files.exists(before)) {
        PrivateFiles.like(configuration).rename(before, file);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// Whether the next start of the server ends its replay at a moment that was written there.
  static boolean isApplied(Path configuration) {
    Path file = configuration.resolve(FILE);
    try {
      return Files.exists(file) && isOurs(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static boolean isOurs(Path file) throws IOException {
    return Files.readString(file).startsWith(OURS);
  }

  private static ChrysalisException failed(Path file, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot change", file, e, "let the agent write into the folder that CASSANDRA_CONF names");
  }
}
