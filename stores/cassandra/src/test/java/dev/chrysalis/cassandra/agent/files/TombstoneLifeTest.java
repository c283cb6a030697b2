package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TombstoneLifeTest {
  private final TombstoneLife life = new TombstoneLife();

  @TempDir private Path folder;

  @Test
  void isThatOfTheTableThatForgetsFirst() throws IOException {
    look(
        "schema/shop/orders-1.cql", "CREATE TABLE shop.orders (\n) WITH gc_grace_seconds = 864000");
    assertThat(life.shortest()).isEqualTo(Duration.ofDays(10));

    look("schema/shop/visits-2.cql", "... AND comment = ''\n    AND gc_grace_seconds = 3600\n AND");
    look("schema/shop/roles-3.cql", "... AND gc_grace_seconds = 7776000");

    assertThat(life.shortest()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void isReadFromStatementsOnly() throws IOException {
    look("data/0/shop/orders-1/nb-1-big-Data.db", "gc_grace_seconds = 1");

    assertThat(life.shortest()).isEqualTo(Duration.ofDays(10));
  }

  private void look(String path, String text) throws IOException {
    Path file = Files.createTempFile(folder, "found", "");
    Files.writeString(file, text);
    life.look(
        new FoundFile(path, file, FileEntry.Kind.FILE, 0640, text.length(), Instant.EPOCH, ""));
  }
}
