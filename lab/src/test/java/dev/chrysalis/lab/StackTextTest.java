package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.PlatformReference;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StackTextTest {
  private static final LabLayout LAYOUT = new LabLayout(Path.of("/srv/alice's lab"));

  @Test
  void theLabsStackFileIsOneThatChrysalisReads() {
    Stack stack = stack(LabServices.WHOLE);
    assertThat(stack.name()).isEqualTo("butterfly");
    assertThat(stack.platform()).isEqualTo(new PlatformReference.Processes(LAYOUT.platform()));
    assertThat(stack.vault().location()).isEqualTo(LAYOUT.vaultLocation());
    assertThat(stack.dependentsOf("postgres"))
        .extracting(s -> s.name())
        .containsExactly("perception");
    assertThat(stack.services().get("perception").samples()).hasSize(2);
    assertThat(stack.services().get("perception").replicas()).isEqualTo(2);
    assertThat(stack.datastores().get("postgres").clients())
        .singleElement()
        .satisfies(c -> assertThat(c.variable()).isEqualTo("POSTGRES_HOST"));
  }

  @Test
  void allFiveServicesAreDeclaredWithWhatTheyNeedAndWithSamplesThatReadBack() {
    Stack stack = stack(LabServices.WHOLE);
    assertThat(stack.services().keySet())
        .containsExactly("perception", "capsule", "odyssey", "plato", "nexus");
    assertThat(stack.services().get("nexus").needs())
        .containsExactly("perception", "capsule", "odyssey", "plato");
    assertThat(stack.services().values())
        .extracting(s -> s.replicas())
        .containsExactly(2, 2, 1, 1, 1);
    assertThat(stack.services().values())
        .allSatisfy(s -> assertThat(s.metrics()).contains("/actuator/prometheus"))
        .allSatisfy(s -> assertThat(s.startsWithin()).isEqualTo(Duration.ofSeconds(45)));
    assertThat(stack.services().values())
        .allSatisfy(s ->
            assertThat(s.samples())
                .anyMatch(r -> r.method().equals("POST") && r.status() == 201)
                .anyMatch(r -> r.method().equals("GET") && r.contains().equals("${value}")));
    assertThat(stack.services().get("nexus").samples())
        .extracting(r -> r.path())
        .containsExactly("/api/overview", "/api/rims", "/api/rims/${id}");
  }

  @Test
  void odysseyNeedsARedisThatSentinelsWatch() {
    Stack stack = stack(LabServices.WHOLE);
    assertThat(stack.dependentsOf("redis")).extracting(s -> s.name()).containsExactly("odyssey");
    Datastore redis = stack.datastores().get("redis");
    assertThat(redis.kind())
        .isInstanceOfSatisfying(
            Datastore.Kind.Redis.class,
            kind -> {
              assertThat(kind.sentinels().workload()).isEqualTo(LabAddresses.SENTINEL);
              assertThat(kind.sentinels().port()).isEqualTo(LabAddresses.SENTINEL_PORT);
              assertThat(kind.sentinels().master()).isEqualTo(RedisTemplates.MASTER_NAME);
              assertThat(kind.dumps()).contains(LAYOUT.dumps().toString());
            });
    assertThat(redis.port()).isEqualTo(LabAddresses.REDIS_PORT);
    assertThat(redis.backup().logWithin()).isEqualTo(Duration.ofSeconds(10));
    assertThat(stack(LabServices.PERCEPTION_ALONE).datastores()).containsOnlyKeys("postgres");
  }

  @Test
  void capsuleAndPlatoNeedARingOfCassandra() {
    Stack stack = stack(LabServices.WHOLE);
    assertThat(stack.dependentsOf("cassandra"))
        .extracting(s -> s.name())
        .containsExactly("capsule", "plato");
    Datastore ring = stack.datastores().get("cassandra");
    assertThat(ring.kind())
        .isEqualTo(new Datastore.Kind.Cassandra(Duration.ofSeconds(1), Duration.ofMinutes(10)));
    assertThat(ring.port()).isEqualTo(LabAddresses.CASSANDRA_PORT);
    assertThat(ring.backup().logWithin()).isEqualTo(Duration.ofSeconds(20));
    assertThat(stack(LabServices.WITH_BOTH_STORES).datastores()).doesNotContainKey("cassandra");
  }

  @Test
  void aLabWithFewerServicesDeclaresThoseAndOnlyTheNeedsThatItHas() {
    Stack stack = stack(LabServices.parse("nexus,plato"));
    assertThat(stack.services().keySet()).containsExactly("perception", "plato", "nexus");
    assertThat(stack.services().get("nexus").needs()).containsExactly("perception", "plato");
  }

  private static Stack stack(LabServices services) {
    return StackFile.parse(
        "stack.yaml", new StackText(LAYOUT, new LabSecrets(LAYOUT.secrets()), services).yaml());
  }
}
