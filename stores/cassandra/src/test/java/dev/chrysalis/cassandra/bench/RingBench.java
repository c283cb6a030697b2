package dev.chrysalis.cassandra.bench;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.chrysalis.cassandra.ServerJvm;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Measures what brings a ring of three nodes back that lost everything: Chrysalis against the
/// written runbook's `sstableloader`, in one run. No part of the build: `bench/run-ring` runs it.
class RingBench {
  private static final int ROW = 1024;
  private static final int PARTITION = Integer.getInteger("bench.partition", 16);
  private static final int TABLES = Integer.getInteger("bench.tables", 1);
  private static final int IN_FLIGHT = Math.max(24, 192 / PARTITION);
  private static final long SEED = 42;
  private static final Pattern SENT =
      Pattern.compile("Total bytes transferred\\s*:\\s*([0-9.]+)\\s*(GiB|MiB|KiB|B|bytes)?");

  private final Path home = Path.of("..", "..").toAbsolutePath().normalize();
  private final long rows = Long.getLong("bench.megabytes", 64) * 1024 * 1024 / ROW;
  private final TestRing ring = TestRing.of(3);

  @TempDir private Path work;

  @AfterEach
  void removesTheRing() {
    ring.close();
  }

  @Test
  void bringsARingBackThatLostEverything() throws Exception {
    ring.start();
    fill();
    Path stack = Files.writeString(work.resolve("stack.yaml"), stackFile());
    String _ = chrysalis(0, "vault", "create", "--stack", stack.toString());
    double first = timed(() -> onAllNodes("backup", "--backup", "first"));
    long stored = bytes(work.resolve("vault"));
    double second = timed(() -> onAllNodes("backup", "--backup", "second"));
    long again = bytes(work.resolve("vault")) - stored;
    ring.kill();
    long perNode = 0;
    for (int i = 0; i < 3; i++) {
      for (Path table : tables(i)) {
        Path plain = Files.createDirectories(plain(i).resolve(name(table)));
        copy(table, plain);
        perNode += bytes(plain) / 3;
      }
    }
    System.out.printf(
        "%nthree nodes, RF 3, %d rows in %d tables, %d in a partition, %d MB on each node%n%n",
        rows, TABLES, PARTITION, perNode >> 20);
    System.out.printf(
        "| backup of all nodes | wall s | stored MB | of the first |%n|---|--:|--:|--:|%n");
    System.out.printf("| first | %.1f | %d | 1.00 |%n", first, stored >> 20);
    System.out.printf(
        "| second, nothing changed | %.1f | %.1f | %.4f |%n%n",
        second, again / 1048576.0, again / (double) stored);

    ring.nodes().forEach(TestNode::loseVolume);
    double files = timed(() -> onAllNodes("restore", "--backup", "second"));
    double restored = files + timed(ring::start);
    System.out.printf(
        "files restored in %.1f s, the ring serves after %.1f s%n%n", files, restored);
    check();
    long[] sentOfOne = {0};
    double one = timed(() -> sentOfOne[0] = writtenWay(1));
    check();
    long[] sentOfAll = {0};
    double all = timed(() -> sentOfAll[0] = writtenWay(3));
    check();
    double loaded = timed(this::load);
    check();
    System.out.printf(
        "| all volumes lost, until all nodes serve all rows | wall s | of Chrysalis | MB sent to nodes |%n"
            + "|---|--:|--:|--:|%n");
    row("Chrysalis, each node's own files", restored, restored, perNode * 3);
    row("written runbook, files of one node", one, restored, perNode + sentOfOne[0]);
    row("written runbook, files of all nodes", all, restored, 3 * perNode + sentOfAll[0]);
    row("Chrysalis, merged and streamed (`load`)", loaded, restored, -1);
  }

  private static void row(String what, double seconds, double base, long sent) {
    System.out.printf(
        "| %s | %.1f | %.2f | %s |%n",
        what, seconds, seconds / base, sent < 0 ? "not told" : Long.toString(sent >> 20));
  }

  private String stackFile() {
    return """
    version: 1
    stack: bench
    platform: {kind: process, directory: %1$s/platform}
    vault: {location: "file://%1$s/vault", passphraseFile: %1$s/passphrase}
    datastores:
      cassandra: {kind: cassandra}
    """
        .formatted(work);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double timed(Work work) throws Exception {
    long begun = System.nanoTime();
    work.run();
    return (System.nanoTime() - begun) / 1e9;
  }

  private void fill() throws InterruptedException {
    try (CqlSession session = ring.superuser()) {
      schema(session);
      List<PreparedStatement> inserts = new ArrayList<>();
      for (int table = 0; table < TABLES; table++) {
        inserts.add(
            session.prepare(
                "INSERT INTO bench.rows_%d (id, row, value) VALUES (?, ?, ?)".formatted(table)));
      }
      Semaphore free = new Semaphore(IN_FLIGHT);
      AtomicLong failed = new AtomicLong();
      Random random = new Random(SEED);
      byte[] half = new byte[ROW / 2];
      for (long id = 0; id < rows / PARTITION; id++) {
        PreparedStatement insert = inserts.get((int) (id % TABLES));
        BatchStatementBuilder partition = BatchStatement.builder(BatchType.UNLOGGED);
        for (int row = 0; row < PARTITION; row++) {
          random.nextBytes(half);
          partition.addStatement(insert.bind(id, row, HexFormat.of().formatHex(half)));
        }
        free.acquire();
        session
            .executeAsync(partition.setConsistencyLevel(ConsistencyLevel.ALL).build())
            .whenComplete((_, failure) -> {
              if (failure != null) {
                failed.incrementAndGet();
              }
              free.release();
            });
      }
      free.acquire(IN_FLIGHT);
      if (failed.get() > 0) {
        System.err.println(failed + " partitions were not acknowledged");
      }
    }
  }

  private static void schema(CqlSession session) {
    session.execute(
        "CREATE KEYSPACE bench WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 3}");
    for (int table = 0; table < TABLES; table++) {
      session.execute(
          "CREATE TABLE bench.rows_"
              + table
              + " (id bigint, row int, value text, PRIMARY KEY (id, row)) WITH compaction = {'class':"
              + " 'SizeTieredCompactionStrategy', 'enabled': 'false'}");
    }
  }

  /// Some rows at QUORUM, and not the bench's time.
  private void check() {
    try (CqlSession session = ring.superuser()) {
      Random random = new Random(SEED + 1);
      for (int i = 0; i < 500; i++) {
        long id = Math.floorMod(random.nextLong(), rows / PARTITION);
        SimpleStatement select =
            SimpleStatement.newInstance(
                    "SELECT id FROM bench.rows_%d WHERE id = ? LIMIT 1".formatted(id % TABLES), id)
                .setConsistencyLevel(ConsistencyLevel.QUORUM);
        if (session.execute(select).one() == null) {
          throw new IllegalStateException("partition " + id + " is missing");
        }
      }
    }
    ring.kill();
    ring.nodes().forEach(TestNode::loseVolume);
  }

  private String vault() {
    return "file://" + work.resolve("vault");
  }

  private List<Path> tables(int node) throws IOException {
    return folders(ring.nodes().get(node).folders().data().getFirst().resolve("bench"));
  }

  private static List<Path> folders(Path keyspace) throws IOException {
    try (Stream<Path> tables = Files.list(keyspace)) {
      return tables.sorted().toList();
    }
  }

  /// Without the id that a folder of a table has.
  private static String name(Path table) {
    return String.valueOf(table.getFileName()).replaceFirst("-.*", "");
  }

  private Path plain(int node) {
    return work.resolve("plain-" + node).resolve("bench");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  /// As the written runbook does it: an empty ring, the schema, the backup brought to one node, its
  /// loader for each table.
  ///
  /// @param nodes the files of how many of the nodes are loaded
  private long writtenWay(int nodes) throws Exception {
    ring.start();
    try (CqlSession session = ring.superuser()) {
      schema(session);
    }
    long sent = 0;
    for (int i = 0; i < nodes; i++) {
      for (Path table : folders(plain(i))) {
        Path brought = Files.createDirectories(work.resolve("brought/bench").resolve(name(table)));
        copy(table, brought);
        sent += loader(brought);
      }
      String _ = run(work, Map.of(), List.of("rm", "-r", work.resolve("brought").toString()));
    }
    return sent;
  }

  private long loader(Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(TestRing.loader().java().toString());
    command.addAll(ServerJvm.OPENED);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            TestRing.loader().libraries() + "/*",
            "org.apache.cassandra.tools.BulkLoader",
            "-d",
            ring.nodes().getFirst().address(),
            "-u",
            "cassandra",
            "-pw",
            "cassandra",
            folder.toString()));
    String said = run(work, Map.of(), command);
    Matcher m = SENT.matcher(said);
    long sent = 0;
    while (m.find()) {
      double number = Double.parseDouble(m.group(1));
      String unit = m.group(2) == null ? "B" : m.group(2);
      sent =
          (long)
              (number
                  * switch (unit) {
                    case "GiB" -> 1L << 30;
                    case "MiB" -> 1L << 20;
                    case "KiB" -> 1L << 10;
                    default -> 1L;
                  });
    }
    return sent;
  }

  private void load() throws Exception {
    ring.start();
    Path password = Files.writeString(work.resolve("cql-password"), "cassandra\n");
    String _ =
        chrysalis(
            0,
            "agent",
            "cassandra",
            "load",
            "--backup",
            "second",
            "--keyspace",
            "bench",
            "--contact",
            ring.nodes().getFirst().address(),
            "--cql-user",
            "cassandra",
            "--cql-password-file",
            password.toString(),
            "--server-java",
            TestRing.loader().java().toString(),
            "--server-libraries",
            TestRing.loader().libraries().toString(),
            "--scratch",
            work.resolve("scratch").toString());
  }

  /// The agents of all nodes, side by side, each a process of its own.
  private void onAllNodes(String verb, String... options) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        List<String> words = new ArrayList<>(List.of("agent", "cassandra", verb));
        words.addAll(List.of(options));
        int node = i;
        all.add(threads.submit(() -> chrysalis(node, words.toArray(String[]::new))));
      }
      for (Future<String> each : all) {
        String _ = each.get();
      }
    }
  }

  private String chrysalis(int node, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("chrysalis").toString()));
    command.addAll(List.of(words));
    return run(
        work,
        Map.of(
            "CHRYSALIS_VAULT", vault(),
            "CHRYSALIS_PASSPHRASE_FILE", work.resolve("passphrase").toString(),
            "CHRYSALIS_MEMBER", "cassandra-" + node,
            "CASSANDRA_JMX_HOST", ring.nodes().get(node).address(),
            "CASSANDRA_STORAGE",
                String.valueOf(ring.nodes().get(node).folders().commitLog().getParent()),
            "CHRYSALIS_SPOOL", work.resolve("spool-" + node).toString()),
        command);
  }

  private static String run(Path folder, Map<String, String> environment, List<String> command)
      throws Exception {
    Path said = Files.createTempFile(folder, "said", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    String text = Files.readString(said);
    if (code != 0) {
      throw new IllegalStateException(command + " ended with " + code + ":\n" + text);
    }
    return text;
  }
}
