package dev.chrysalis.lab;

import dev.chrysalis.platform.process.WorkloadSpec;
import dev.chrysalis.vault.backend.VaultLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Puts everything into a fresh lab folder, up to but without starting a process that stays.
final class LabMaker {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final LabLayout layout;
  private final LabPrograms programs;
  private final LabUser user;
  private final VaultMaker vault;
  private final RandomGenerator random;

  LabMaker(
      LabLayout layout,
      LabPrograms programs,
      LabUser user,
      VaultMaker vault,
      RandomGenerator random) {
    this.layout = layout;
    this.programs = programs;
    this.user = user;
    this.vault = vault;
    this.random = random;
  }

  /// The programs as they lie on this machine.
  LabPrograms programs() {
    return programs;
  }

  /// Refused where a program is missing that such a lab needs. To be asked before anything is made:
  /// a lab that is refused leaves no folder behind that would be in the way of another.
  void requirePrograms(LabServices services) {
    if (services.needCassandra()) {
      programs.cassandra().require();
    }
  }

  /// What a lab is to run.
  record Made(List<WorkloadSpec> workloads) {}

  /// The programs as the lab's own processes find them.
  LabPrograms installed() {
    return user.uid().isPresent() ? programs.copyTo(layout.app()) : programs;
  }

  /// Makes everything.
  ///
  /// @param services those that the lab is to have
  /// @param goOn asked between the steps; throws when the lab is to be removed instead
  Made make(LabAddresses addresses, LabServices services, Runnable goOn, Consumer<String> progress)
      throws IOException {
    makeFolders();
    LabSecrets secrets = LabSecrets.generate(layout.secrets(), random);
    progress.accept("preparing the programs");
    programs.archive();
    progress.accept("unpacking the servers and the programs");
    install();
    goOn.run();
    PostgresDistribution postgres =
        PostgresDistribution.unpack(
            programs.postgresArchive(), layout.servers().resolve("postgres-17"));
    goOn.run();
    progress.accept("making the vault");
    vault.make(new VaultLocation.InDirectory(layout.vault()), secrets.vaultPassphrase());
    progress.accept("making the database and its replica");
    seed(postgres, secrets, addresses);
    List<WorkloadSpec> redis = services.needRedis() ? redis(secrets, addresses) : List.of();
    List<WorkloadSpec> cassandra =
        services.needCassandra() ? cassandra(secrets, addresses) : List.of();
    Files.writeString(layout.stackFile(), new StackText(layout, secrets, services).yaml());
    user.own(layout.root());
    goOn.run();
    LabWorkloads workloads = new LabWorkloads(layout, secrets, installed(), addresses, services);
    List<WorkloadSpec> all = new ArrayList<>(List.of(workloads.postgres(postgres)));
    all.addAll(redis);
    all.addAll(cassandra);
    all.addAll(workloads.serviceWorkloads());
    return new Made(all);
  }

  private void makeFolders() throws IOException {
    for (Path folder :
        List.of(
            layout.platform(),
            layout.secrets(),
            layout.servers(),
            layout.dumps(),
            layout.configuration(),
            layout.redisTemplates(),
            layout.cassandra(),
            layout.ledgerFolder())) {
      Files.createDirectory(folder, PRIVATE);
    }
  }

  /// Redis needs no seed: each volume begins with its template.
  private List<WorkloadSpec> redis(LabSecrets secrets, LabAddresses addresses) throws IOException {
    RedisDistribution program =
        RedisDistribution.unpack(programs.redisArchive(), layout.servers().resolve("redis-6.2"));
    RedisTemplates templates = new RedisTemplates(layout, secrets, addresses);
    templates.write();
    return new RedisWorkloads(layout, secrets, installed(), templates).all(program);
  }

  /// A ring needs no seed of data: its nodes make it when they start.
  private List<WorkloadSpec> cassandra(LabSecrets secrets, LabAddresses addresses)
      throws IOException {
    CassandraPrograms copied =
        programs.cassandra().copyTo(layout.servers().resolve("cassandra-5.0"));
    new CassandraConfiguration(layout, secrets, addresses).write();
    return List.of(new CassandraWorkloads(layout, secrets, installed(), copied, addresses).ring());
  }

  private void install() throws IOException {
    if (user.uid().isPresent()) {
      Files.createDirectory(layout.app(), PRIVATE);
      programs.copyFiles(layout.app());
    }
  }

  private void seed(PostgresDistribution postgres, LabSecrets secrets, LabAddresses addresses)
      throws IOException {
    Path volumes = Files.createDirectory(layout.platform().resolve("volumes"), PRIVATE);
    Path primary = Files.createDirectory(volumes.resolve("postgres-0"), PRIVATE);
    Path replica = Files.createDirectory(volumes.resolve("postgres-1"), PRIVATE);
    user.own(layout.root());
    PostgresSeed seed = new PostgresSeed(postgres, secrets, user);
    seed.primary(primary.resolve("data"));
    for (String settings : List.of("postgresql.conf", "pg_hba.conf")) {
      Files.copy(
          primary.resolve("data").resolve(settings), layout.configuration().resolve(settings));
    }
    seed.replica(
        primary.resolve("data"),
        replica.resolve("data"),
        addresses.postgres().getFirst(),
        layout.platform().resolve("scratch/postgres-1/wal"));
  }
}
