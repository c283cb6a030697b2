package dev.chrysalis.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.Readiness;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What the lab's platform runs of Redis: servers with an agent beside each, and the Sentinels.
record RedisWorkloads(
    LabLayout layout, LabSecrets secrets, LabPrograms programs, RedisTemplates templates) {
  /// The container of a server and of a Sentinel.
  static final String SERVER = "server";

  /// A server that still loads its data, or cannot write it any more, does not answer a `PING` with
  /// `PONG`.
  private static final Readiness SERVES =
      new Readiness.Exchange(
          LabAddresses.REDIS_PORT,
          hex("AUTH " + RedisTemplates.PROBE_USER + " -\r\nPING\r\n"),
          hex("+OK\r\n+PONG"));

  /// A Sentinel has nothing to load: it serves once it asks who is there.
  private static final Readiness WATCHES =
      new Readiness.Exchange(LabAddresses.SENTINEL_PORT, hex("PING\r\n"), hex("-NOAUTH"));

  private static final String MEMBER = "${member.name}";
  private static final String VOLUME = "${member.volume}";
  private static final long PROGRESS_MILLIS = 60_000;

  List<WorkloadSpec> all(RedisDistribution redis) {
    return List.of(servers(redis), sentinels(redis));
  }

  private WorkloadSpec servers(RedisDistribution redis) {
    String settings = VOLUME + "/redis.conf";
    List<String> shipper = new ArrayList<>(programs.agent());
    shipper.addAll(List.of("redis", "ship"));
    return workload(
        LabAddresses.REDIS,
        List.of(
            new ContainerSpec(SERVER, command(redis, settings), Map.of(), SERVES),
            new ContainerSpec("shipper", shipper, Map.of(), new Readiness.Running())),
        served(redis, environment(settings, LabAddresses.REDIS_PORT)),
        templates.addresses().redis());
  }

  private WorkloadSpec sentinels(RedisDistribution redis) {
    String settings = VOLUME + "/sentinel.conf";
    List<String> sentinel = new ArrayList<>(command(redis, settings));
    sentinel.add("--sentinel");
    List<String> answers = new ArrayList<>(programs.agent());
    answers.add("answer");
    Map<String, String> environment =
        new HashMap<>(environment(settings, LabAddresses.SENTINEL_PORT));
    environment.put("REDIS_MASTER_NAME", RedisTemplates.MASTER_NAME);
    return workload(
        LabAddresses.SENTINEL,
        List.of(
            new ContainerSpec(SERVER, sentinel, Map.of(), WATCHES),
            new ContainerSpec("answers", answers, Map.of(), new Readiness.Running())),
        environment,
        templates.addresses().sentinels());
  }

  private WorkloadSpec workload(
      String name,
      List<ContainerSpec> containers,
      Map<String, String> environment,
      List<String> addresses) {
    return new WorkloadSpec(
        name,
        Workload.Kind.STATEFUL_SET,
        RedisServers.MEMBERS,
        containers,
        environment,
        programs.agent(),
        true,
        addresses,
        StopSpec.DEFAULT,
        PROGRESS_MILLIS);
  }

  private List<String> command(RedisDistribution redis, String settings) {
    return List.of(
        "/bin/sh",
        templates.starter().toString(),
        templates.template(MEMBER).toString(),
        settings,
        redis.server().toString(),
        settings);
  }

  /// The agent beside a server tries restore points with a server of its own.
  private static Map<String, String> served(
      RedisDistribution redis, Map<String, String> environment) {
    Map<String, String> served = new HashMap<>(environment);
    served.put(
        "CHRYSALIS_SERVER_PROGRAMS", String.valueOf(redis.server().toAbsolutePath().getParent()));
    return served;
  }

  private Map<String, String> environment(String settings, int port) {
    return Map.ofEntries(
        Map.entry("CHRYSALIS_VAULT", layout.vaultLocation()),
        Map.entry("CHRYSALIS_PASSPHRASE_FILE", secrets.vaultPassphrase().toString()),
        Map.entry("CHRYSALIS_STORE", LabAddresses.REDIS),
        Map.entry("CHRYSALIS_MEMBER", MEMBER),
        Map.entry("CHRYSALIS_SPOOL", "${member.scratch}"),
        Map.entry("CHRYSALIS_AGENT_JAVA_OPTIONS", programs.agentOptions()),
        Map.entry("REDIS_HOST", "${member.address}"),
        Map.entry("REDIS_PORT", Integer.toString(port)),
        Map.entry("REDIS_PASSWORD_FILE", secrets.redisPassword().toString()),
        Map.entry("REDIS_DATA", VOLUME),
        Map.entry("REDIS_CONF", settings),
        Map.entry("REDIS_CONF_TEMPLATE", templates.template(MEMBER).toString()));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(US_ASCII));
  }
}
