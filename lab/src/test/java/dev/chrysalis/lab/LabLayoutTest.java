package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LabLayoutTest {
  private static final Path HOME = Path.of("/home/alice");

  @Test
  void theFolderThatWasAskedForWins() {
    LabLayout layout =
        LabLayout.choose(
            Optional.of(Path.of("/srv/lab")), Map.of("CHRYSALIS_LAB", "/other"), "alice", HOME);
    assertThat(layout.root()).isEqualTo(Path.of("/srv/lab"));
  }

  @Test
  void theVariableComesNext() {
    LabLayout layout =
        LabLayout.choose(Optional.empty(), Map.of("CHRYSALIS_LAB", "/other"), "root", HOME);
    assertThat(layout.root()).isEqualTo(Path.of("/other"));
  }

  @Test
  void rootsLabLiesWhereItsServersCanReachIt() {
    assertThat(LabLayout.choose(Optional.empty(), Map.of(), "root", Path.of("/root")).root())
        .isEqualTo(Path.of("/var/tmp/chrysalis-lab"));
  }

  @Test
  void everybodyElsesLiesAmongTheirStates() {
    assertThat(LabLayout.choose(Optional.empty(), Map.of(), "alice", HOME).root())
        .isEqualTo(Path.of("/home/alice/.local/state/chrysalis/lab"));
    assertThat(
            LabLayout.choose(Optional.empty(), Map.of("XDG_STATE_HOME", "/state"), "alice", HOME)
                .root())
        .isEqualTo(Path.of("/state/chrysalis/lab"));
  }

  @Test
  void theWholeMachineIsNoLab() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LabLayout(Path.of("/")));
  }

  @Test
  void ledgerAndVaultLieOutsideTheVolumes() {
    LabLayout layout = new LabLayout(Path.of("/srv/lab"));
    assertThat(layout.ledger())
        .satisfies(p -> assertThat(p.startsWith(layout.platform())).isFalse());
    assertThat(layout.vault())
        .satisfies(p -> assertThat(p.startsWith(layout.platform())).isFalse());
  }
}
