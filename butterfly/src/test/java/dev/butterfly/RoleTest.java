package dev.butterfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class RoleTest {
  @Test
  void aRoleIsFoundByItsName() {
    assertThat(Role.named("perception")).isEqualTo(Role.PERCEPTION);
  }

  @Test
  void anUnknownRoleIsRefusedWithTheRolesThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Role.named("Perception"))
        .withMessageContaining("none of: perception");
  }
}
