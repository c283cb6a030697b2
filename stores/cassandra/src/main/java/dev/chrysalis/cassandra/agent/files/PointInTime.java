package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Tells a server up to which moment it is to replay its commit log: a file
/// `commitlog_archiving.properties` on its class path (`CASSANDRA_CONF`). What carries a later
/// write timestamp is passed over; clients may set those. The server reads it at each start, and
/// would pass over its own later writes: it is removed once it has started.
public final class PointInTime {
  private static final String FILE = "commitlog_archiving.properties";
  private static final String BEFORE = FILE + ".chrysalis-before";
  private static final int FILE_MODE = 0644;
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private PointInTime() {}

  /// Writes it; a file that is there is set aside. May be repeated.
  public static void write(Path configuration, Instant moment) {
    Path file = configuration.resolve(FILE);
    Path before = configuration.resolve(BEFORE);
    try {
      PrivateFiles files = PrivateFiles.like(configuration);
      if (Files.exists(file) && Files.notExists(before)) {
        files.rename(file, before);
      }
      String text =
          "restore_point_in_time=%s\nprecision=MICROSECONDS\n".formatted(FORM.format(moment));
      files.replace(file, text.getBytes(StandardCharsets.UTF_8), FILE_MODE);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// Takes it away, and puts back what was there before. May be repeated.
  public static void remove(Path configuration) {
    Path file = configuration.resolve(FILE);
    Path before = configuration.resolve(BEFORE);
    try {
      Files.deleteIfExists(file);
      if (Files.exists(before)) {
        PrivateFiles.like(configuration).rename(before, file);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RuntimeException failed(Path file, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot change", file, e, "let the agent write into the folder that CASSANDRA_CONF names");
  }
}
