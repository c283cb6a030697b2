package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Dumps as `pg_dump` writes them, whole and otherwise.
class DumpScanTest {
  private static final String KEY = "postgres/2025-12-03/backup.sql.gz";
  private static final String HEAD =
      """
      --
      -- PostgreSQL database dump
      --

      \\restrict yq1l0

      -- Dumped from database version 15.18
      -- Dumped by pg_dump version 15.18

      SET client_encoding = 'UTF8';
      """;
  private static final String ROWS = "COPY public.rims (id) FROM stdin;\n1\n\\.\n";
  private static final String TAIL =
      """
      --
      -- PostgreSQL database dump complete
      --

      \\unrestrict yq1l0

      """;

  private final MemoryBackend bucket = new MemoryBackend();

  private DumpSource source(byte[] stored) {
    bucket.delete(KEY);
    assertThat(bucket.create(KEY, Body.of(stored))).isNotNull();
    return new DumpSource(bucket, KEY, CopyProgress.silent());
  }

  private DumpSource dump(String sql) {
    return source(zipped(sql));
  }

  private static byte[] zipped(String sql) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(sql.getBytes(UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  void countsTheRowsOfEachTable() {
    DumpContents found =
        dump(HEAD
                + "COPY public.rims (id, value) FROM stdin;\n1\ta\n2\t\\N\n\\.\n"
                + "COPY \"Odd schema\".\"Tab\"\"le\" (x) FROM stdin;\nCOPY x (y) FROM stdin;\n\\.\n"
                + "COPY public.empty (x) FROM stdin;\n\\.\n"
                + TAIL)
            .check();

    assertThat(found.rows())
        .isEqualTo(
            Map.of("public.rims", 2L, "\"Odd schema\".\"Tab\"\"le\"", 1L, "public.empty", 0L));
    assertThat(found.allRows()).isEqualTo(3);
    assertThat(found.version()).isEqualTo("15.18");
    assertThat(found.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void gathersTheRolesThatItNames() {
    DumpContents found =
        dump(HEAD
                + "ALTER TABLE public.rims OWNER TO butterfly;\n"
                + "ALTER FUNCTION public.f(text) OWNER TO \"Odd \"\"role\";\n"
                + "GRANT SELECT ON TABLE public.rims TO reader;\n"
                + "REVOKE ALL ON SCHEMA public FROM PUBLIC;\n"
                + "ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA public GRANT SELECT ON"
                + " TABLES TO watcher;\n"
                + "CREATE POLICY own ON public.rims TO seer, looker USING (true);\n"
                + "CREATE USER MAPPING FOR guest SERVER far OPTIONS (a 'b');\n"
                + "COPY public.rims (id) FROM stdin;\n"
                + "GRANT nothing TO nobody;\n\\.\n"
                + TAIL)
            .check();

    assertThat(found.roles())
        .containsExactlyInAnyOrder(
            "butterfly", "Odd \"role", "reader", "maker", "watcher", "seer", "looker", "guest");
  }

  @Test
  void handsOverTheSqlWithoutTheWordsToTheClient() {
    ByteArrayOutputStream sql = new ByteArrayOutputStream();
    String middle = "CREATE FUNCTION f() AS $$\n\\restrict is text here\n$$;\n";

    DumpContents _ = dump(HEAD + middle + ROWS + TAIL).copy("copying", sql);

    assertThat(sql.toString(UTF_8))
        .isEqualTo((HEAD + middle + ROWS + TAIL).replaceAll("\\\\(un)?restrict yq1l0\n", ""));
  }

  @Test
  void passesLinesOfAnyLengthThroughUnchanged() {
    StringBuilder rows = new StringBuilder();
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      char[] value = new char[random.nextInt(700_000)];
      Arrays.fill(value, (char) ('a' + i % 26));
      // What would end the rows at a line's beginning means nothing within it.
      rows.append(i).append('\t').append(value).append("\\.").append('\n');
    }
    String all = HEAD + "COPY public.long (i, v) FROM stdin;\n" + rows + "\\.\n" + TAIL;
    ByteArrayOutputStream sql = new ByteArrayOutputStream();

    DumpContents found = dump(all).copy("copying", sql);

    assertThat(found.rows()).isEqualTo(Map.of("public.long", 40L));
    assertThat(sql.toString(UTF_8)).isEqualTo(all.replaceAll("\\\\(un)?restrict yq1l0\n", ""));
  }

  @Test
  void refusesADumpThatBreaksOff() {
    String rows = "COPY public.rims (id) FROM stdin;\n1\n";

    assertThatThrownBy(() -> dump(HEAD + rows).check())
        .hasMessageContaining("breaks off within the rows of public.rims");
    assertThatThrownBy(() -> dump(HEAD + rows + "\\.\n").check())
        .hasMessageContaining("dump complete");
    assertThatThrownBy(() -> dump("").check()).hasMessageContaining("dump complete");
  }

  @Test
  void refusesWhatCannotBeCountedOrRead() {
    assertThatThrownBy(() -> dump(HEAD + "INSERT INTO rims VALUES (1);\n" + TAIL).check())
        .hasMessageContaining("no rows that could be counted");
    assertThatThrownBy(() -> dump("SET client_encoding = 'SQL_ASCII';\n" + TAIL).check())
        .hasMessageContaining("SQL_ASCII");
  }

  @Test
  void refusesAFileThatGzipDidNotFinish() {
    byte[] whole = zipped(HEAD + TAIL);
    byte[] flipped = whole.clone();
    flipped[whole.length - 6] ^= 1;

    for (byte[] damaged :
        new byte[][] {
          Arrays.copyOf(whole, whole.length - 3), Arrays.copyOf(whole, 40), flipped, {1, 2, 3}
        }) {
      assertThatThrownBy(() -> source(damaged).check())
          .hasMessageContaining("no whole gzip file")
          .hasMessageContaining(KEY);
    }
  }

  @Test
  void refusesADumpOfSeveralDatabases() {
    assertThatThrownBy(() -> dump(HEAD + "\\connect perception\n" + TAIL).check())
        .hasMessageContaining("another database: \\connect perception");
  }
}
