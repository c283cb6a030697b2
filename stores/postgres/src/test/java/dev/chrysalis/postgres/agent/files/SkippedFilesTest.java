package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedFilesTest {
  private static boolean leftOut(String path) {
    return SkippedFiles.isLeftOut(path, path.substring(path.lastIndexOf('/') + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postmaster.pid",
        "backup_label",
        "standby.signal",
        "global/pg_control",
        "base/5/pg_internal.init",
        "base/pgsql_tmp",
        "chrysalis-restored.json"
      })
  void whatBelongsToThisRunIsLeftOut(String path) {
    assertThat(leftOut(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PG_VERSION", "base/5/1259", "global/pg_filenode.map", "postgresql.auto.conf"})
  void whatMakesTheClusterIsKept(String path) {
    assertThat(leftOut(path)).isFalse();
  }

  @Test
  void relationsAreToldByTheirPlaceAndName() {
    assertThat(SkippedFiles.holdsRelations("base/16384")).isTrue();
    assertThat(SkippedFiles.holdsRelations("global")).isTrue();
    assertThat(SkippedFiles.holdsRelations("pg_tblspc/16400/PG_17_202406281/16384")).isTrue();
    assertThat(SkippedFiles.holdsRelations("pg_xact")).isFalse();
    assertThat(SkippedFiles.relation("16385_vm.3"))
        .contains(new SkippedFiles.RelationFile("16385", "vm", 3));
    assertThat(SkippedFiles.relation("16385"))
        .contains(new SkippedFiles.RelationFile("16385", "", 0));
    assertThat(SkippedFiles.relation("PG_VERSION")).isEmpty();
    assertThat(SkippedFiles.isTemporaryRelation("t3_16390_fsm")).isTrue();
    assertThat(SkippedFiles.isTemporaryRelation("16390")).isFalse();
  }
}
