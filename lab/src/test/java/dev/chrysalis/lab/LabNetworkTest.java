package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabNetworkTest {
  private static final List<Integer> PORTS = List.of(5432, 8080);
  @TempDir private Path claims;

  @Test
  void twoLabsGetTwoNetworks() {
    LabNetwork one = LabNetwork.claim(claims, Path.of("/labs/one"), PORTS);
    LabNetwork same = LabNetwork.claim(claims, Path.of("/labs/one"), PORTS);
    assertThat(same).isNotEqualTo(one);
  }

  @Test
  void aReleasedNetworkIsFreeAgainAndOthersStayClaimed() throws IOException {
    LabNetwork one = LabNetwork.claim(claims, Path.of("/labs/one"), PORTS);
    LabNetwork.claim(claims, Path.of("/labs/two"), PORTS);
    LabNetwork.release(claims, Path.of("/labs/one"));
    try (Stream<Path> left = Files.list(claims)) {
      assertThat(left).singleElement().satisfies(f -> assertThat(f).hasContent("/labs/two"));
    }
    assertThat(LabNetwork.claim(claims, Path.of("/labs/one"), PORTS)).isEqualTo(one);
  }

  @Test
  void aNetworkWhereSomebodyListensIsPassedOver() throws IOException {
    LabNetwork usual = LabNetwork.claim(claims, Path.of("/labs/three"), PORTS);
    LabNetwork.release(claims, Path.of("/labs/three"));
    try (ServerSocket stranger =
        new ServerSocket(5432, 1, InetAddress.getByName(usual.prefix() + ".11"))) {
      assertThat(stranger.isBound()).isTrue();
      assertThat(LabNetwork.claim(claims, Path.of("/labs/three"), PORTS)).isNotEqualTo(usual);
    }
  }
}
