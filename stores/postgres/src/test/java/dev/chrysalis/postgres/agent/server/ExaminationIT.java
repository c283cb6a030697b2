package dev.chrysalis.postgres.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.TestPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reading all of a real server, of each version.
class ExaminationIT {
  static List<Integer> majors() {
    return TestPostgres.majors();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void readsEveryRowOfEveryDatabase(int major) {
    try (TestPostgres server = TestPostgres.started(major)) {
      server.execute(
          "create database \"Odd name\"",
          "create table \"Rims\" (id int, value text)",
          "insert into \"Rims\" select i, repeat(md5(i::text), 300) from generate_series(1, 500) i",
          "create unlogged table forgotten as select 1 as one",
          "create materialized view seen as select id from \"Rims\"",
          "create materialized view never as select id from \"Rims\" with no data");

      Examination.Found found = examine(server, List.of());

      assertThat(found.faults()).isEmpty();
      assertThat(found.databases()).isEqualTo(3);
      assertThat(found.bytes()).as("values that are stored apart, too").isGreaterThan(500 * 9600);
      assertThat(found.rows()).isGreaterThan(1000);
    }
  }

  @Test
  void tellsWhichTableCannotBeReadAndReadsTheOthers() throws IOException {
    try (TestPostgres server = TestPostgres.started(17, "--data-checksums")) {
      server.execute(
          "create table broken as select i from generate_series(1, 100000) i",
          "create table whole as select i from generate_series(1, 10) i",
          "update pg_extension set extname = 'of_elsewhere'",
          "checkpoint");
      Path file =
          server.dataDirectory().resolve(server.query("select pg_relation_filepath('broken')"));
      server.stop();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 3 * 8192 + 4000);
      }
      server.start();

      Examination.Found found = examine(server, List.of());

      assertThat(found.faults())
          .hasSize(2)
          .contains("postgres: the server has no files of the extension of_elsewhere")
          .anySatisfy(fault ->
              assertThat(fault).contains("postgres public.broken", "invalid page in block 3"));
    }
  }

  @Test
  void asksQuestionsAndWantsTrueForAnAnswer() {
    try (TestPostgres server = TestPostgres.started(17)) {
      Examination.Found found =
          examine(
              server,
              List.of(
                  query("good", "select 1 = 1"),
                  query("false", "select false"),
                  query("silent", "select true where false"),
                  query("unknown", "select null::bool"),
                  query("wrong", "select true from nowhere"),
                  query("writing", "with gone as (delete from pg_class returning 1) select true"),
                  new ProofQuery("elsewhere", "template1", "select true")));

      assertThat(found.queries()).isEqualTo(7);
      assertThat(found.faults()).hasSize(5);
      assertThat(found.faults().get(0)).isEqualTo("false: f, where true is expected");
      assertThat(found.faults().get(1)).isEqualTo("silent: no row, where true is expected");
      assertThat(found.faults().get(2)).isEqualTo("unknown: null, where true is expected");
      assertThat(found.faults().get(3)).startsWith("wrong: ").contains("nowhere");
      assertThat(found.faults().get(4)).startsWith("writing: ").contains("read-only");
    }
  }

  @Test
  void saysOfAServerThatIsGoneThatNothingIsKnown() {
    try (TestPostgres server = TestPostgres.started(17)) {
      server.stop();
      assertThatThrownBy(() -> examine(server, List.of()))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(PostgresErrors.UNREACHABLE));
    }
  }

  private static ProofQuery query(String name, String sql) {
    return new ProofQuery(name, "postgres", sql);
  }

  private static Examination.Found examine(TestPostgres server, List<ProofQuery> queries) {
    return new Examination(new ServerConnection(server.server(), Duration.ofSeconds(10)))
        .run(queries, (_, _) -> {});
  }
}
