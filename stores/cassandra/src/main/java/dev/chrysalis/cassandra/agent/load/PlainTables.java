package dev.chrysalis.cassandra.agent.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.vault.backend.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Tables that somebody has copied to a bucket by hand: `…/KEYSPACE/TABLE/nb-1-big-Data.db`, with
/// `schema.cql` beside them. What comes before the keyspace tells nodes apart; a table's folder may
/// have its id in its name, and be followed by `snapshots/TAG`, as on a node's disk.
public final class PlainTables implements LoadSource {
  private static final String COMPONENT =
      "[a-z]{2}-[A-Za-z0-9_]{1,60}-(?:big|bti)-([A-Za-z0-9_.+-]{1,150})";
  private static final Pattern FILE =
      Pattern.compile(
          "(?:(.*)/)?(?!snapshots/)(\\w{1,222})/(\\w{1,222}?)(-[0-9a-f]{32})?/(?:snapshots/([^/]+)/)?("
              + COMPONENT
              + ")");
  private static final String DATA = "-Data.db";
  private static final String SCHEMA = "schema.cql";
  private static final long LONGEST_SCHEMA = 64L << 20;
  private static final int BUFFER = 256 * 1024;
  private static final int PRIVATE = 0700;

  private final Backend bucket;
  private final SortedMap<TableName, List<Found>> files = new TreeMap<>();
  private final RingSchema schema;

  /// @param folder of the bucket in which it lies
  /// @param version of the table: its id, and of which of the server's snapshots it is
  private record Found(String folder, String version, String name, String key, long size) {}

  private PlainTables(Backend bucket, SortedMap<TableName, List<Found>> files, RingSchema schema) {
    this.bucket = bucket;
    this.files.putAll(files);
    this.schema = schema;
  }

  /// Looks what there is. `NO_SUCH_TABLES` where there is no table, or no schema.
  ///
  /// @param prefix of all of it: `cassandra/2026-11-20/`
  public static PlainTables of(Backend bucket, String prefix) {
    SortedMap<TableName, List<Found>> files = new TreeMap<>();
    List<String> scripts = new ArrayList<>();
    try (Stream<Backend.Listed> all = bucket.list(prefix)) {
      all.forEach(listed -> {
        String key = listed.key();
        if (key.equals(SCHEMA) || key.endsWith("/" + SCHEMA)) {
          scripts.add(text(bucket, key, listed.size()));
        } else {
          add(files, key, listed.size());
        }
      });
    }
    if (files.isEmpty() || scripts.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          files.isEmpty()
              ? "there is no table below %s in %s".formatted(prefix, bucket)
              : "there is no %s below %s in %s".formatted(SCHEMA, prefix, bucket),
          "nothing was touched; name the folder of one backup: --prefix cassandra/2026-11-20/");
    }
    requireOne(files);
    RingSchema schema = RingSchema.parse(String.join(";\n", scripts));
    return new PlainTables(bucket, files, schema);
  }

  private static void add(SortedMap<TableName, List<Found>> files, String key, long size) {
    Matcher m = FILE.matcher(key);
    if (m.matches() && !isRemoved(m.group(5)) && !m.group(3).equals("backups")) {
      String name = m.group(6);
      files
          .computeIfAbsent(new TableName(m.group(2), m.group(3)), _ -> new ArrayList<>())
          .add(
              new Found(
                  key.substring(0, key.length() - name.length() - 1),
                  "%s %s".formatted(m.group(4), m.group(5)),
                  name,
                  key,
                  size));
    }
  }

  /// The server keeps what was truncated and dropped as snapshots of its own.
  private static boolean isRemoved(@Nullable String snapshot) {
    return snapshot != null
        && (snapshot.startsWith("truncated-") || snapshot.startsWith("dropped-"));
  }

  /// Rows that were truncated or dropped leave nothing behind that says so: one table and one state
  /// of it.
  private static void requireOne(SortedMap<TableName, List<Found>> files) {
    files.forEach((table, all) -> {
      Set<String> versions = new TreeSet<>();
      all.forEach(file -> versions.add(file.version()));
      if (versions.size() > 1) {
        throw new ChrysalisException(
            CassandraErrors.NO_SUCH_TABLES,
            "there are several states of %s: %s".formatted(table, versions),
            "nothing was touched; keep one table's id and one snapshot below the prefix");
      }
      requireWhole(table, all);
    });
  }

  private static void requireWhole(TableName table, List<Found> all) {
    Set<String> keys = new TreeSet<>();
    all.forEach(file -> keys.add(file.key()));
    for (Found file : all) {
      String stem = file.key().substring(0, file.key().lastIndexOf('-') + 1);
      for (String component : List.of("Data.db", "Statistics.db")) {
        if (!file.name().contains("+") && !keys.contains(stem + component)) {
          throw new ChrysalisException(
              CassandraErrors.NO_SUCH_TABLES,
              "%s is not whole: %s is missing".formatted(table, stem + component),
              "nothing was touched; copy it, or choose another backup");
        }
      }
    }
  }

  private static String text(Backend bucket, String key, long size) {
    if (size > LONGEST_SCHEMA) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          "no schema has %d bytes: %s".formatted(size, key),
          "nothing was touched; look at it");
    }
    try (InputStream in = bucket.open(key, 0, size)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private static ChrysalisException unreadable(String key, IOException e) {
    return e.getCause() instanceof ChrysalisException lost
        ? lost
        : new ChrysalisException(
            CassandraErrors.NO_SUCH_TABLES,
            "%s cannot be read to its end: %s".formatted(key, e.getMessage()),
            "see whether its place can be reached, then repeat",
            e);
  }

  @Override
  public void prepare(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress) {
    // Everything is at hand.
  }

  @Override
  public SortedMap<TableName, Long> tables() {
    SortedMap<TableName, Long> sizes = new TreeMap<>();
    files.forEach((table, all) -> sizes.put(table, all.stream().mapToLong(Found::size).sum()));
    return sizes;
  }

  @Override
  public RingSchema schema() {
    return schema;
  }

  @Override
  public List<Path> fetch(TableName table, Path into, CopyProgress progress) {
    List<Found> all = files.getOrDefault(table, List.of());
    long total = all.stream().mapToLong(Found::size).sum();
    long done = 0;
    Map<String, Path> folders = new TreeMap<>();
    byte[] buffer = new byte[BUFFER];
    try {
      PrivateFiles made = PrivateFiles.likeNearest(into);
      for (Found file : all) {
        Path folder = folders.get(file.folder());
        if (folder == null) {
          // The bucket's own names of folders may be anything: here they are numbered.
          folder = into.resolve("from-" + folders.size());
          made.directories(folder, PRIVATE);
          folders.put(file.folder(), folder);
        }
        copy(file, made.create(folder.resolve(file.name())), buffer);
        done += file.size();
        progress.progress("fetching " + table, done, total);
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot write into", into, e, "look at the folder for scratch: --scratch");
    }
    return List.copyOf(folders.values());
  }

  private void copy(Found file, FileChannel to, byte[] buffer) throws IOException {
    long left = file.size();
    CRC32 crc = new CRC32();
    try (OutputStream out = Channels.newOutputStream(to);
        InputStream in = open(file)) {
      for (int got = read(file, in, buffer); got >= 0; got = read(file, in, buffer)) {
        out.write(buffer, 0, got);
        crc.update(buffer, 0, got);
        left -= got;
      }
    }
    if (left != 0) {
      throw unreadable(file.key(), new IOException(left + " bytes are missing"));
    }
    if (file.name().endsWith(DATA)) {
      requireDigest(file, crc.getValue());
    }
  }

  /// The server writes the CRC-32 of the data beside it, in decimal.
  private void requireDigest(Found file, long crc) {
    String digest = file.key().substring(0, file.key().length() - DATA.length()) + "-Digest.crc32";
    OptionalLong size = bucket.size(digest);
    if (size.isPresent() && !text(bucket, digest, size.getAsLong()).strip().equals("" + crc)) {
      throw unreadable(file.key(), new IOException("it is not what the server wrote"));
    }
  }

  private InputStream open(Found file) {
    return bucket.open(file.key(), 0, file.size());
  }

  /// What goes wrong with the bucket is not the disk's.
  private static int read(Found file, InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(file.key(), e);
    }
  }
}
