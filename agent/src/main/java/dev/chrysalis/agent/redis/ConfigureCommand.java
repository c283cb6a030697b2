package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.files.RoleFile;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis configure`. Its result: `role`: `master`, `replica` or `sentinel`; `master`.
@Command(
    name = "configure",
    description =
        "Writes the role of a stopped server, or whom a stopped Sentinel watches, into its"
            + " configuration file. All else in it stays.")
final class ConfigureCommand extends TaskCommand {
  @Mixin private VolumeOptions volume = new VolumeOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Role role = new Role();

  /// One of these.
  static final class Role {
    @Option(names = "--lead", description = "a master")
    private boolean lead;

    @Option(names = "--follow", paramLabel = "HOST:PORT", description = "a replica of that one")
    private @Nullable String follow;

    @Option(
        names = "--watch",
        paramLabel = "HOST:PORT",
        description = "a Sentinel of that master, which has yet to learn of all others")
    private @Nullable String watch;
  }

  ConfigureCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    RoleFile file =
        new RoleFile(
            volume.data().directory(environment),
            volume.file(environment),
            volume.address(environment));
    if (role.follow != null) {
      Listens master = Listens.of(role.follow);
      file.change(it -> it.follow(master.host(), master.port()));
      return Map.of("role", "replica", "master", role.follow);
    }
    if (role.watch != null) {
      Listens master = Listens.of(role.watch);
      String name =
          volume
              .masterName(environment)
              .orElseGet(() -> environment.required("REDIS_MASTER_NAME", "--master-name"));
      file.change(it -> it.watch(name, master.host(), master.port()));
      return Map.of("role", "sentinel", "master", role.watch);
    }
    if (!role.lead) {
      throw new IllegalStateException("no role was given");
    }
    file.change(it -> it.lead());
    return Map.of("role", "master");
  }

  /// Where a server listens.
  private record Listens(String host, int port) {
    static Listens of(String text) {
      int colon = text.lastIndexOf(':');
      try {
        return new Listens(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new ChrysalisException(
            AgentErrors.BAD_COMMAND, "not an address: " + text, "give HOST:PORT", e);
      }
    }
  }
}
