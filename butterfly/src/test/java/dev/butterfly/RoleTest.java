package dev.butterfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RoleTest {
  @ParameterizedTest
  @EnumSource(Role.class)
  void aRoleIsFoundByItsName(Role role) {
    assertThat(Role.named(role.word())).isEqualTo(role);
  }

  @Test
  void anUnknownRoleIsRefusedWithTheRolesThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Role.named("Perception"))
        .withMessageContaining("none of: perception, capsule, odyssey, plato, nexus");
  }
}
