package dev.butterfly;

import dev.butterfly.nexus.NexusConfiguration;
import dev.butterfly.odyssey.OdysseyConfiguration;
import dev.butterfly.perception.PerceptionConfiguration;
import dev.butterfly.shelf.CapsuleConfiguration;
import dev.butterfly.shelf.PlatoConfiguration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The services that this program can be.
enum Role {
  PERCEPTION(PerceptionConfiguration.class),
  CAPSULE(CapsuleConfiguration.class),
  ODYSSEY(OdysseyConfiguration.class),
  PLATO(PlatoConfiguration.class),
  NEXUS(NexusConfiguration.class);

  private final Class<?> configuration;

  Role(Class<?> configuration) {
    this.configuration = configuration;
  }

  /// The role of that name, in lower case; throws `IllegalArgumentException` that lists the roles
  /// where there is none.
  static Role named(String name) {
    return Arrays.stream(values())
        .filter(role -> role.word().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(unknown(name)));
  }

  Class<?> configuration() {
    return configuration;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String unknown(String name) {
    String roles = Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));
    return "BUTTERFLY_ROLE is '" + name + "', which is none of: " + roles;
  }
}
