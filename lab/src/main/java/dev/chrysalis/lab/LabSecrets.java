package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// The lab's secrets, one private file each.
///
/// @param folder where they lie
public record LabSecrets(Path folder) {
  private static final int BYTES = 18;

  /// Makes fresh secrets in a folder that is there and empty.
  static LabSecrets generate(Path folder, RandomGenerator random) throws IOException {
    LabSecrets secrets = new LabSecrets(folder);
    String administrator = word(random);
    write(secrets.administratorPassword(), administrator);
    write(secrets.butterflyPassword(), word(random));
    write(secrets.vaultPassphrase(), word(random));
    write(secrets.passFile(), "*:*:*:chrysalis:" + administrator);
    write(secrets.redisPassword(), word(random));
    write(secrets.cassandraAdministrator(), word(random));
    write(secrets.cassandraButterfly(), word(random));
    write(secrets.cassandraJmx(), word(random));
    return secrets;
  }

  /// The password of PostgreSQL's role `chrysalis`.
  public Path administratorPassword() {
    return folder.resolve("postgres-chrysalis");
  }

  /// The password of PostgreSQL's role `butterfly`.
  public Path butterflyPassword() {
    return folder.resolve("postgres-butterfly");
  }

  public Path vaultPassphrase() {
    return folder.resolve("vault-passphrase");
  }

  /// The password of `chrysalis` as libpq reads it.
  public Path passFile() {
    return folder.resolve("pgpass");
  }

  /// The password of Redis's default user, and of its Sentinels'.
  public Path redisPassword() {
    return folder.resolve("redis");
  }

  /// The password of Cassandra's superuser `chrysalis`.
  public Path cassandraAdministrator() {
    return folder.resolve("cassandra-chrysalis");
  }

  /// The password of Cassandra's role `butterfly`.
  public Path cassandraButterfly() {
    return folder.resolve("cassandra-butterfly");
  }

  /// The password of the user `chrysalis` of each node's JMX.
  public Path cassandraJmx() {
    return folder.resolve("cassandra-jmx");
  }

  private static String word(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void write(Path file, String secret) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret + "\n", StandardOpenOption.WRITE);
  }
}
