package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// Makes the data directories that the lab starts from: a fresh cluster, and a copy of it that
/// follows it.
///
/// 1. `initdb` with checksums and passwords, in the primary's volume.
/// 2. Role and database of the services, in single-user mode, so that no server need run and no
///    password stands in an argument.
/// 3. The copy, cold, with `standby.signal`, where to follow, and where to ask for what the primary
///    keeps no longer: the agent's spool, when it feeds.
final class PostgresSeed {
  /// The slot that the first replica follows by.
  static final String REPLICA_SLOT = "postgres_1";

  private static final String SETTINGS =
      """

      # The lab's own. Address and name come with the server's command line.
      unix_socket_directories = ''
      max_connections = 60
      shared_buffers = 32MB
      wal_level = replica
      hot_standby = on
      max_wal_senders = 10
      max_replication_slots = 10
      max_slot_wal_keep_size = 1GB
      wal_keep_size = 16MB
      min_wal_size = 32MB
      max_wal_size = 256MB
      fsync = on
      synchronous_commit = on
      full_page_writes = on
      password_encryption = scram-sha-256
      wal_receiver_status_interval = 1s
      wal_retrieve_retry_interval = 1s
      log_destination = stderr
      logging_collector = off
      log_line_prefix = '%m [%p] '
      timezone = UTC
      log_timezone = UTC
      """;

  private static final String ACCESS =
      """
      # Connections between loopback addresses come from 127.0.0.1.
      host all all 127.0.0.0/8 scram-sha-256
      host replication chrysalis 127.0.0.0/8 scram-sha-256
      """;

  private final PostgresDistribution programs;
  private final LabSecrets secrets;
  private final LabUser user;

  PostgresSeed(PostgresDistribution programs, LabSecrets secrets, LabUser user) {
    this.programs = programs;
    this.secrets = secrets;
    this.user = user;
  }

  /// Makes the primary's data directory; its parent is there, empty, and the lab's user's.
  void primary(Path data) throws IOException {
    List<String> initdb = new ArrayList<>(List.of(programs.program("initdb").toString()));
    initdb.addAll(List.of("--pgdata=" + data, "--username=chrysalis", "--auth=scram-sha-256"));
    initdb.add("--pwfile=" + secrets.administratorPassword());
    initdb.addAll(List.of("--data-checksums", "--encoding=UTF8", "--locale=C", "--no-sync"));
    run(initdb, "");
    append(data.resolve("postgresql.conf"), SETTINGS);
    Files.writeString(data.resolve("pg_hba.conf"), ACCESS, StandardOpenOption.TRUNCATE_EXISTING);
    String password = Files.readString(secrets.butterflyPassword()).strip();
    run(
        List.of(
            programs.program("postgres").toString(),
            "--single",
            "-F",
            "-D",
            data.toString(),
            "postgres"),
        "CREATE ROLE butterfly LOGIN PASSWORD '%s'\nCREATE DATABASE perception OWNER butterfly\n"
            .formatted(password));
  }

  /// Makes a replica's data directory from the primary's, which no server uses.
  ///
  /// @param spool where the replica's agent serves WAL when it is told to
  void replica(Path primaryData, Path data, String primaryAddress, Path spool) throws IOException {
    FileTree.copy(primaryData, data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.createFile(data.resolve("standby.signal"));
    String primary =
        "host=%s port=5432 user=chrysalis passfile='%s' sslmode=disable"
            .formatted(primaryAddress, escaped(secrets.passFile().toString()));
    append(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = '%s'\nprimary_slot_name = '%s'\nrestore_command = '%s'\n"
            .formatted(escaped(primary), REPLICA_SLOT, escaped(restoreCommand(spool))));
  }

  /// Asks the script that the agent puts there. Where there is none the standby goes on with
  /// streaming: it would end if the shell did not find the script (127).
  private static String restoreCommand(Path spool) {
    String script = "'" + (spool + "/fetch-wal").replace("'", "'\\''").replace("%", "%%") + "'";
    return "[ -f " + script + " ] && sh " + script + " %f \"%p\"";
  }

  /// Within single quotes, of a connection string as of a settings file.
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  private void run(List<String> command, String input) throws IOException {
    Process process =
        new ProcessBuilder(user.command(command))
            .directory(secrets.folder().toFile())
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = tail(process.getInputStream());
    try {
      int code = process.waitFor();
      // Single-user mode ends with 0 even when a statement failed.
      if (code != 0 || output.contains("ERROR:")) {
        throw new ChrysalisException(
            LabErrors.COMMAND_FAILED,
            command.getFirst() + " ended with " + code + ": " + output.strip(),
            "remove the lab (chrysalis lab down), clear what it complains of, and try again");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "interrupted while the lab was made", "run it again", e);
    }
  }

  private static String tail(InputStream output) throws IOException {
    String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }
}
