package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.PlatformReference;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class StackTextTest {
  @Test
  void theLabsStackFileIsOneThatChrysalisReads() {
    LabLayout layout = new LabLayout(Path.of("/srv/alice's lab"));
    String text = new StackText(layout, new LabSecrets(layout.secrets())).yaml();
    Stack stack = StackFile.parse("stack.yaml", text);
    assertThat(stack.name()).isEqualTo("butterfly");
    assertThat(stack.platform()).isEqualTo(new PlatformReference.Processes(layout.platform()));
    assertThat(stack.vault().location()).isEqualTo(layout.vaultLocation());
    assertThat(stack.dependentsOf("postgres"))
        .extracting(s -> s.name())
        .containsExactly("perception");
    assertThat(stack.services().get("perception").samples()).hasSize(2);
    assertThat(stack.services().get("perception").replicas()).isEqualTo(2);
    assertThat(stack.datastores().get("postgres").clients())
        .singleElement()
        .satisfies(c -> assertThat(c.variable()).isEqualTo("POSTGRES_HOST"));
  }
}
