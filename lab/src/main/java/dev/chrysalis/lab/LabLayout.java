package dev.chrysalis.lab;

import dev.chrysalis.vault.backend.VaultLocation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the lab keeps what. Vault and ledger lie beside the platform's state, not in a volume:
/// what a fault destroys must not hold the means of recovery or the evidence.
///
/// @param root an absolute folder
public record LabLayout(Path root) {
  private static final String ROOT_USER = "root";

  public LabLayout {
    if (!root.isAbsolute() || root.getParent() == null) {
      throw new IllegalArgumentException("the lab needs an absolute folder: " + root);
    }
    root = root.normalize();
  }

  /// The folder that was asked for, else `CHRYSALIS_LAB`, else for root `/var/tmp/chrysalis-lab`,
  /// which the unprivileged servers can reach, else a folder among the user's states.
  ///
  /// @param environment the process's environment
  /// @param user the user's name
  /// @param home the user's home
  public static LabLayout choose(
      Optional<Path> asked, Map<String, String> environment, String user, Path home) {
    if (asked.isPresent()) {
      return new LabLayout(asked.get().toAbsolutePath());
    }
    String named = environment.getOrDefault("CHRYSALIS_LAB", "");
    if (!named.isEmpty()) {
      return new LabLayout(Path.of(named).toAbsolutePath());
    }
    if (user.equals(ROOT_USER)) {
      return new LabLayout(Path.of("/var/tmp/chrysalis-lab"));
    }
    String states = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base = states.isEmpty() ? home.resolve(".local/state") : Path.of(states);
    return new LabLayout(base.resolve("chrysalis/lab").toAbsolutePath());
  }

  /// Says that the folder is a lab, and which: only a folder with it is ever removed.
  public Path marker() {
    return root.resolve(".chrysalis-lab");
  }

  /// The supervisor's state: desired state, volumes, logs.
  public Path platform() {
    return root.resolve("platform");
  }

  public Path vault() {
    return root.resolve("vault");
  }

  /// Where the vault is, as the stack file and the agents name it.
  public String vaultLocation() {
    return new VaultLocation.InDirectory(vault()).toString();
  }

  /// Dumps that others made of the database: `postgres/DATE/backup.sql.gz`.
  public Path dumps() {
    return root.resolve("dumps");
  }

  /// The settings of the database's servers, for a cluster that has none.
  public Path configuration() {
    return root.resolve("configuration");
  }

  /// What the members of Redis and of its Sentinels begin with.
  public Path redisTemplates() {
    return root.resolve("redis");
  }

  /// The configuration of each node of Cassandra.
  public Path cassandra() {
    return root.resolve("cassandra");
  }

  /// The volume of the member of that name.
  public Path volume(String member) {
    return platform().resolve("volumes").resolve(member);
  }

  public Path secrets() {
    return root.resolve("secrets");
  }

  public Path servers() {
    return root.resolve("servers");
  }

  public Path app() {
    return root.resolve("app");
  }

  public Path ledgerFolder() {
    return root.resolve("ledger");
  }

  /// The ledger of the load on perception.
  public Path ledger() {
    return ledger(LabService.PERCEPTION);
  }

  /// The ledger of the load on a service. Each has its own: a disaster, and a moment that is
  /// restored, are those of one store.
  public Path ledger(LabService service) {
    return ledgerFolder()
        .resolve(service == LabService.PERCEPTION ? "ledger.log" : service.word() + ".log");
  }

  /// The faults that were injected, one line each.
  public Path disasters() {
    return ledgerFolder().resolve("disasters.log");
  }

  public Path stackFile() {
    return root.resolve("stack.yaml");
  }
}
