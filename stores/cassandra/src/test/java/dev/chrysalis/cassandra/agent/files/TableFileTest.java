package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableFileTest {
  private static final String FOLDER = "capsules-92e0e610ea0311f1a87c311c41055dd3";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/0/butterfly/" + FOLDER + "/nb-1-big-Data.db",
        "data/12/butterfly/" + FOLDER + "/da-3ggl_0y1v_2vbx4dz5jfw2c7lwgs-bti-Data.db",
        "data/0/butterfly/" + FOLDER + "/.by_value/nb-1-big-Index.db",
        "data/0/butterfly/" + FOLDER + "/nb-1-big-SAI+aa+by_value+TermsData.db",
        "data/0/butterfly/" + FOLDER + "/nb-1-big-TOC.txt"
      })
  void readsThePathsOfAllFilesOfATable(String path) {
    assertThat(TableFile.parse(path)).map(TableFile::path).contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/0/../" + FOLDER + "/nb-1-big-Data.db",
        "data/0/butterfly/" + FOLDER + "/../nb-1-big-Data.db",
        "data/0/butterfly/" + FOLDER + "/..",
        "data/0/butterfly/" + FOLDER + "/a/b/c",
        "data/0/butterfly/" + FOLDER + "/nb-1 big",
        "data/0/butterfly/capsules/nb-1-big-Data.db",
        "data/x/butterfly/" + FOLDER + "/nb-1-big-Data.db",
        "etc/passwd",
        ""
      })
  void readsNoOtherPath(String path) {
    assertThat(TableFile.parse(path)).isEmpty();
  }

  @Test
  void leavesOutWhatANodeKnowsOfOthersAndOfAMoment() {
    String id = "-37f71aca7dc2383ba70672528af04d4f";
    assertThat(TableFile.isKept("system", "peers_v2" + id)).isFalse();
    assertThat(TableFile.isKept("system", "batches" + id)).isFalse();
    assertThat(TableFile.isKept("system", "local" + id)).isTrue();
    assertThat(TableFile.isKept("system", "paxos" + id)).isTrue();
    assertThat(TableFile.isKept("butterfly", "peers" + id)).isTrue();
  }
}
