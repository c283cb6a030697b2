package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// Feeds a dump to `psql`, in one transaction that ends at the first error.
///
/// A dump is a script, and who can write to its bucket can put words into it with which `psql`
/// would run any program. Between its words restrict and unrestrict it takes SQL only
/// (CVE-2025-8714), so everything is put between these, with a key of our own; a `psql` that does
/// not know them is refused. The SQL itself still runs as superuser of the new cluster, and only
/// there.
record Psql(Programs programs, Path program, PrivateServer server, String superuser) {
  private static final int KEY_BYTES = 24;
  private static final int BUFFER = 256 * 1024;

  /// What writes the dump.
  @FunctionalInterface
  interface Script {
    /// Writes all of it; throws where the transaction must not be committed.
    DumpContents writeTo(OutputStream to);
  }

  /// Runs the script in a database. `DUMP_FAILED` with what the server said where it does not come
  /// through; nothing of it is committed then.
  DumpContents run(String database, Script script) throws IOException {
    try (Programs.Started psql = programs.start(command(database))) {
      DumpContents contents = feed(psql, script);
      requireZero(psql, psql.await());
      return contents;
    }
  }

  /// Without its last line nothing is committed: where the script throws, the end of the stream
  /// ends the transaction.
  private static DumpContents feed(Programs.Started psql, Script script) {
    String key = key();
    try (OutputStream in = new BufferedOutputStream(psql.process().getOutputStream(), BUFFER)) {
      write(in, "\\restrict " + key + "\nBEGIN;\n");
      DumpContents contents = script.writeTo(in);
      write(in, "\n\\unrestrict " + key + "\nCOMMIT;\n");
      return contents;
    } catch (DumpSource.Refused | IOException e) {
      // It ended early and says why.
      throw failed(psql, psql.await(), e);
    }
  }

  private List<String> command(String database) {
    return List.of(
        program.toString(),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        "--host=" + server.sockets(),
        "--port=" + PrivateServer.PORT,
        "--username=" + superuser,
        "--dbname=" + database,
        "--file=-");
  }

  private static void requireZero(Programs.Started psql, int code) {
    if (code != 0) {
      throw failed(psql, code, null);
    }
  }

  private static ChrysalisException failed(
      Programs.Started psql, int code, @org.jspecify.annotations.Nullable Exception cause) {
    String said = psql.said();
    if (said.contains("\\restrict")) {
      return new ChrysalisException(
          PostgresErrors.NO_SERVER_PROGRAMS,
          "psql is too old to be kept from running programs that a dump names: " + said,
          "install one of August 2025 or later (CVE-2025-8714)",
          cause);
    }
    return new ChrysalisException(
        PostgresErrors.DUMP_FAILED,
        "the dump does not restore, psql ended with %d: %s".formatted(code, said),
        "nothing of it is left, and nothing of the old data was touched; see the stack file's"
            + " roles, and what the server lacks",
        cause);
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(UTF_8));
  }

  private static String key() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
